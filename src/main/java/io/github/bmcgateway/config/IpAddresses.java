package io.github.bmcgateway.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Address literals, without the resolver: a name is never looked up. IPv4-mapped IPv6 addresses are
 * the IPv4 address they stand for; zone ids and the historic IPv4 spellings ({@code 10.1}, {@code
 * 012.0.0.1}, {@code 0x0a000001}) are refused.
 */
public final class IpAddresses {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");

  /** Leaves the counting of groups to the JDK, but not the octets: it reads 010 as ten. */
  private static final Pattern IPV6 =
      Pattern.compile("[0-9A-Fa-f:]*:(?:[0-9A-Fa-f:]*|" + IPV4.pattern() + ")");

  private static final int MAX_LENGTH = 45;

  private IpAddresses() {}

  /** The address that {@code text} spells, or empty when it isn't an address literal. */
  public static Optional<InetAddress> parse(String text) {
    if (text.length() > MAX_LENGTH
        || !(IPV4.matcher(text).matches() || IPV6.matcher(text).matches())) {
      return Optional.empty();
    }
    try {
      // With a colon in it, or as four octets, the JDK takes the text as a literal or throws.
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** The literal of an address: dotted quad, or IPv6 in the canonical form of RFC 5952. */
  public static String format(InetAddress address) {
    return address instanceof Inet4Address ? address.getHostAddress() : formatV6(address);
  }

  /** {@link #format} with IPv6 in brackets, as it stands in a URL or {@code Host} header. */
  public static String formatHost(InetAddress address) {
    return address instanceof Inet4Address ? format(address) : "[" + format(address) + "]";
  }

  private static String formatV6(InetAddress address) {
    byte[] bytes = address.getAddress();
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    int longest = 1;
    int longestAt = -1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > longest) {
        longest = end - i;
        longestAt = i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == longestAt) {
        text.append("::");
        i += longest - 1;
      } else {
        if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }
}
