package io.github.bmcgateway.entry;

import io.github.bmcgateway.target.PublicOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes cookies of the session's name that aren't the gateway's. A page's script can set one for
 * a deeper path or for the domain above the host, where it comes along with ours, makes every
 * request ambiguous, and outlasts the session; no other answer could remove it, for browsers don't
 * tell a cookie's path or domain. Immutable; safe for use by several threads.
 */
final class ShadowCookies {
  /** Deeper ones are removed from where a request is refused for them next. */
  private static final int MAX_SEGMENTS = 4;

  private static final int MAX_DOMAINS = 4;

  /** Browsers ignore a longer attribute of a cookie (RFC 6265bis, section 5.6). */
  private static final int MAX_PATH = 1_024;

  private final String name;

  /**
   * @param name the session cookie's
   */
  ShadowCookies(String name) {
    this.name = name;
  }

  /** The {@code Set-Cookie} values that expire all that this request may have carried but ours. */
  List<String> expired(HttpServletRequest request, PublicOrigin origin) {
    List<String> deeper = deeperPaths(request.getRequestURI());
    List<String> expired = new ArrayList<>();
    for (String path : deeper) {
      expired.add(expire(path, ""));
      expired.add(expire(path, "; Partitioned"));
    }
    for (String domain : domains(origin.host())) {
      expired.add(expire("/", "; Domain=" + domain));
      deeper.forEach(path -> expired.add(expire(path, "; Domain=" + domain)));
    }
    return expired;
  }

  private String expire(String path, String more) {
    return name + "=; Path=" + path + "; Secure; Max-Age=0" + more;
  }

  /** Every path but the root whose cookies come along, with and without a slash at its end. */
  private static List<String> deeperPaths(String path) {
    List<String> paths = new ArrayList<>();
    int end = 0;
    for (int segments = 0; segments < MAX_SEGMENTS && end < path.length() - 1; segments++) {
      int slash = path.indexOf('/', end + 1);
      end = slash < 0 ? path.length() : slash;
      String upTo = path.substring(0, end);
      // No cookie's path holds a semicolon.
      if (upTo.indexOf(';') < 0 && upTo.length() < MAX_PATH) {
        paths.add(upTo);
        Optional.of(upTo + "/").filter(path::startsWith).ifPresent(paths::add);
      }
    }
    return paths;
  }

  /** The host itself, where it is a name of several labels, and those above it. */
  private static List<String> domains(String host) {
    List<String> domains = new ArrayList<>();
    String domain = host;
    while (domain.indexOf('.') > 0 && domains.size() < MAX_DOMAINS) {
      domains.add(domain);
      domain = domain.substring(domain.indexOf('.') + 1);
    }
    return domains;
  }
}
