package io.github.bmcgateway.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host name or address, or {@code *.suffix} for exactly one label before the suffix. Ports don't
 * take part; case doesn't matter.
 *
 * @param text the pattern in lower case, an IPv6 address in brackets
 */
public record HostPattern(String text) {
  private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");
  private static final int MAX_LENGTH = 253;

  /** The pattern that the text spells; empty when it spells neither host nor pattern. */
  public static Optional<HostPattern> parse(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]") && text.contains(":");
    String bare = bracketed ? text.substring(1, text.length() - 1) : text;
    Optional<HostPattern> address =
        IpAddresses.parse(bare).map(ip -> new HostPattern(IpAddresses.formatHost(ip)));
    return address.or(() -> parseName(text.toLowerCase(Locale.ROOT)));
  }

  private static Optional<HostPattern> parseName(String text) {
    String name = text.startsWith("*.") ? text.substring(2) : text;
    // WHATWG URL: a name whose last label is a number is an address or nothing.
    boolean fits =
        text.length() <= MAX_LENGTH
            && NAME.matcher(name).matches()
            && !NUMERIC_END.matcher(name).matches();
    return fits ? Optional.of(new HostPattern(text)) : Optional.empty();
  }

  /** Whether the host (without port) fits. */
  public boolean matches(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (!text.startsWith("*.")) {
      return text.equals(name);
    }
    int dot = name.indexOf('.');
    return dot > 0 && name.substring(dot).equals(text.substring(1));
  }
}
