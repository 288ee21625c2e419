package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.target.BmcAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Moves URLs in a BMC's headers from the BMC's own authority to the public host; any other stays.
 * Stateless.
 */
final class HeaderUrls {
  /** Stops at the next "<", or a header full of them takes the square of its length. */
  private static final Pattern LINK_TARGET = Pattern.compile("<([^<>]*)>");

  /** The time, and the URL in quotes or not (HTML, "shared declarative refresh steps"). */
  private static final Pattern REFRESH =
      Pattern.compile("(?i)([^;,]*[;,]\\s*+(?:url\\s*+=\\s*+)?+[\"']?+)([^\"']*)(.*)");

  private static final Pattern ABSOLUTE = Pattern.compile("(?i)(?:https?:)?//([^/?#\\\\]*)(.*)");

  private HeaderUrls() {}

  /** The value of {@code Link} (RFC 8288). */
  static String links(String value, BmcAddress bmc) {
    return LINK_TARGET
        .matcher(value)
        .replaceAll(link -> Matcher.quoteReplacement("<" + pathOnly(link.group(1), bmc) + ">"));
  }

  /** The value of {@code Refresh}. */
  static String refresh(String value, BmcAddress bmc) {
    Matcher refresh = REFRESH.matcher(value);
    return refresh.matches()
        ? refresh.group(1) + pathOnly(refresh.group(2), bmc) + refresh.group(3)
        : value;
  }

  /**
   * An absolute URL of the BMC's own authority becomes path-only, so that it holds for the public
   * host; any other stays. A path that would then begin with {@code //} keeps a leading {@code /.},
   * lest it name a host. Read as browsers do, which drop tabs and take a backslash for a slash
   * (WHATWG URL, section 4.4).
   */
  static String pathOnly(String url, BmcAddress bmc) {
    Matcher absolute = ABSOLUTE.matcher(url.replace("\t", ""));
    if (!absolute.matches() || !isOwn(absolute.group(1), bmc)) {
      return url;
    }
    String rest = absolute.group(2);
    String path = rest.startsWith("/") ? rest : "/" + rest;
    return path.startsWith("//") || path.startsWith("/\\") ? "/." + path : path;
  }

  /** The BMC under its address or its own name, with its own port or a web server's default. */
  private static boolean isOwn(String authority, BmcAddress bmc) {
    String lower = authority.toLowerCase(Locale.ROOT);
    Stream<String> names =
        Stream.concat(
            bmc.host().map(HeaderUrls::withoutPort).stream(),
            Stream.of(IpAddresses.formatHost(bmc.ip())));
    return bmc.host().filter(own -> own.toLowerCase(Locale.ROOT).equals(lower)).isPresent()
        || names
            .map(name -> name.toLowerCase(Locale.ROOT))
            .anyMatch(
                name ->
                    Stream.of("", ":80", ":443", ":" + bmc.port())
                        .anyMatch(port -> lower.equals(name + port)));
  }

  private static String withoutPort(String authority) {
    return authority.replaceFirst(":[0-9]+$", "");
  }
}
