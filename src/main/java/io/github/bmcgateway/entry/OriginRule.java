package io.github.bmcgateway.entry;

import io.github.bmcgateway.target.Authority;
import io.github.bmcgateway.target.PublicOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps other sites' pages from acting in a session. What {@code Sec-Fetch-Site} says of a request
 * no page can forge; browsers without it send {@code Origin} with each upgrade and each write.
 */
final class OriginRule {
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private static final Set<String> SAME_SITE = Set.of("same-origin", "same-site", "none");
  private static final Pattern URL_TAIL = Pattern.compile("^([a-z]+://[^/?#]*).*");

  private OriginRule() {}

  /** Whether the request may go on, given the origin under which the browser sees the gateway. */
  static boolean permits(HttpServletRequest request, PublicOrigin self) {
    boolean upgrade = Browsers.isUpgrade(request);
    boolean harmless = Browsers.isRead(request) && !upgrade;
    List<String> sites = Browsers.values(request, "Sec-Fetch-Site");
    if (!OWN_SITES.containsAll(sites)) {
      return harmless && Browsers.isNavigation(request);
    }
    return harmless || originFits(request, self, /* knowsSite= */ !sites.isEmpty());
  }

  /**
   * Whether a link was followed, or a form sent, from another site's page; {@code same-site} is not
   * another. Browsers without {@code Sec-Fetch-Site} don't tell neighbours from strangers, so that
   * there any other origin is another site. Who says nothing at all typed the address, or keeps his
   * referrer to himself.
   */
  static boolean isFromAnotherSite(HttpServletRequest request, PublicOrigin self) {
    List<String> sites = Browsers.values(request, "Sec-Fetch-Site");
    if (!sites.isEmpty()) {
      return !SAME_SITE.containsAll(sites);
    }
    List<String> origins = Browsers.values(request, "Origin");
    List<String> senders = origins.isEmpty() ? Browsers.values(request, "Referer") : origins;
    return !senders.stream().allMatch(sender -> isSelf(originOf(sender), self));
  }

  private static String originOf(String url) {
    return URL_TAIL.matcher(url).replaceFirst("$1");
  }

  private static boolean originFits(
      HttpServletRequest request, PublicOrigin self, boolean knowsSite) {
    List<String> origins = Browsers.values(request, "Origin");
    if (origins.isEmpty()) {
      return true;
    }
    if (origins.size() > 1) {
      return false;
    }
    // A page without a referrer posts to itself with Origin: null.
    return "null".equals(origins.get(0)) ? knowsSite : isSelf(origins.get(0), self);
  }

  /**
   * Compares host and port, not the scheme: TLS may end at a proxy that doesn't tell. So a scheme's
   * default port equals the other scheme's.
   */
  private static boolean isSelf(String origin, PublicOrigin self) {
    int colon = origin.indexOf("://");
    String scheme = colon < 0 ? "" : origin.substring(0, colon);
    if (!"https".equals(scheme) && !"http".equals(scheme)) {
      return false;
    }
    Optional<Authority> authority = Authority.parse(origin.substring(colon + 3));
    return authority.isPresent()
        && authority.get().host().equals(self.host())
        && comparablePort(authority.get().port().orElse(0), scheme)
            == comparablePort(self.port(), self.scheme());
  }

  private static int comparablePort(int port, String scheme) {
    return port == PublicOrigins.defaultPort(scheme) ? 0 : port;
  }
}
