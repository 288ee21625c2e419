package io.github.bmcgateway.target;

import static java.lang.Integer.parseInt;

import io.github.bmcgateway.config.IpAddresses;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host with an optional port, as it stands in a URL or a {@code Host} header (RFC 3986, section
 * 3.2, without user information). Names may hold underscores, which occur in practice; a name that
 * a URL parser would take for an IPv4 address has to be one.
 *
 * @param host the host in lower case; an IPv6 address in brackets, in the form of RFC 5952
 * @param port the port, 1 to 65535, if one is written
 */
public record Authority(String host, OptionalInt port) {
  private static final int MAX_NAME_LENGTH = 253;
  private static final Pattern SHAPE =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[0-9A-Za-z_.-]+)(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern NAME =
      Pattern.compile("(?:[0-9A-Za-z_](?:[0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?(?:\\.(?!$)|$))+");
  private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX].*)");

  /** Parses the text as a whole; empty when it is anything else. */
  public static Optional<Authority> parse(String text) {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      return Optional.empty();
    }
    String digits = shape.group("port");
    OptionalInt port = digits == null ? OptionalInt.empty() : OptionalInt.of(parseInt(digits));
    if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65_535)) {
      return Optional.empty();
    }
    return canonicalHost(shape.group("host")).map(host -> new Authority(host, port));
  }

  private static Optional<String> canonicalHost(String host) {
    if (host.startsWith("[")) {
      return IpAddresses.parse(host.substring(1, host.length() - 1)).map(IpAddresses::formatHost);
    }
    if (NUMERIC_END.matcher(host).matches()) {
      return IpAddresses.parse(host).map(IpAddresses::formatHost);
    }
    return host.length() <= MAX_NAME_LENGTH && NAME.matcher(host).matches()
        ? Optional.of(host.toLowerCase(Locale.ROOT))
        : Optional.empty();
  }
}
