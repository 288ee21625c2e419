package io.github.bmcgateway.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;

/** Which headers stop at the gateway, in lower case, and how a name is written towards a BMC. */
final class HeaderNames {
  /** Belong to one connection (RFC 9110, section 7.6.1). */
  static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** What a browser or a proxy in front may send and a BMC must not see. */
  static final Set<String> NEVER_UP =
      Set.of(
          "cdn-loop",
          "expect",
          "forwarded",
          "proxy",
          "via",
          "x-client-certificate",
          "x-host",
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          "x-original-url",
          "x-real-ip",
          "x-rewrite-url",
          "x-server-addr",
          "x-username");

  /** What would reach further than this BMC's pages, or promise something for the public host. */
  static final Set<String> NEVER_DOWN =
      Set.of(
          "accept-ch",
          "accept-ch-lifetime",
          "age",
          "alt-svc",
          "cache-control",
          "clear-site-data",
          "critical-ch",
          "expect-ct",
          "expires",
          "nel",
          "pragma",
          "public-key-pins",
          "public-key-pins-report-only",
          "report-to",
          "reporting-endpoints",
          "service-worker-allowed",
          "strict-transport-security",
          "use-as-dictionary");

  /**
   * Families of the same; sessions that browsers bind to an origin are among them. The last are
   * orders for servers in front of the gateway: nginx, Apache, lighttpd, LiteSpeed and others send
   * a file or another server's answer instead, caches keep what is one user's.
   */
  private static final List<String> NEVER_DOWN_PREFIXES =
      List.of(
          "access-control-",
          "attribution-reporting-",
          "proxy-",
          "sec-session-",
          "secure-session-",
          "cache-tag",
          "cdn-",
          "cloudflare-",
          "edge-",
          "surrogate-",
          "x-accel-",
          "x-lighttpd-",
          "x-litespeed-",
          "x-reproxy-",
          "x-sendfile");

  private HeaderNames() {}

  static boolean goesUp(String lowerName) {
    String name = asCgiReads(lowerName);
    return !HOP_BY_HOP.contains(name)
        && !NEVER_UP.contains(name)
        && !name.startsWith("x-forwarded-")
        && !name.startsWith("x-pm-")
        && !name.startsWith("cf-")
        && !name.startsWith("proxy-");
  }

  /** To a CGI program {@code X_Username} and {@code X.Username} are {@code X-Username} too. */
  private static String asCgiReads(String lowerName) {
    StringBuilder name = new StringBuilder(lowerName);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        name.setCharAt(i, '-');
      }
    }
    return name.toString();
  }

  static boolean goesDown(String lowerName) {
    if (HOP_BY_HOP.contains(lowerName) || NEVER_DOWN.contains(lowerName)) {
      return false;
    }
    for (String prefix : NEVER_DOWN_PREFIXES) {
      if (lowerName.startsWith(prefix)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The spelling for HTTP/1.1. HTTP/2 has lower case only, and some BMCs compare names with case; a
   * name that has an upper-case letter already is left as it is.
   */
  static String canonical(String name) {
    if (!name.equals(name.toLowerCase(Locale.ROOT))) {
      return name;
    }
    HttpHeader known = HttpHeader.CACHE.get(name);
    return known != null ? known.asString() : titleCase(name);
  }

  private static String titleCase(String name) {
    StringBuilder title = new StringBuilder(name);
    boolean first = true;
    for (int i = 0; i < title.length(); i++) {
      if (first) {
        title.setCharAt(i, Character.toUpperCase(title.charAt(i)));
      }
      first = title.charAt(i) == '-';
    }
    return title.toString();
  }
}
