package io.github.bmcgateway.entry;

import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.token.Grant;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Lets a browser into a session: another BMC's leftovers are cleared, the same BMC's consoles move
 * to the new session and end at the later of the two expiries. Safe for use by several threads.
 */
final class Entrance {
  private final Admission admission;
  private final SessionCookies cookies;
  private final OnceProofs proofs;
  private final BrowserState browser;
  private final LiveSessions sessions;
  private final Clock clock;

  Entrance(
      Admission admission,
      SessionCookies cookies,
      OnceProofs proofs,
      BrowserState browser,
      LiveSessions sessions,
      Clock clock) {
    this.admission = admission;
    this.cookies = cookies;
    this.proofs = proofs;
    this.browser = browser;
    this.sessions = sessions;
    this.clock = clock;
  }

  /** Opens the session of an admitted token, and leads to the BMC's first page. */
  void enter(String token, Grant grant, HttpServletRequest request, HttpServletResponse response) {
    List<Grant> earlier = earlierSessions(request, grant);
    if (earlier.isEmpty()) {
      browser.clear(request, response);
    }
    earlier.forEach(
        each -> sessions.move(each.id(), grant.id(), grant.extent(each), Admission.facts(grant)));
    cookies
        .open(proofs.cookie(token, grant), grant.id(), clock.instant(), grant.expires())
        .forEach(cookie -> response.addHeader("Set-Cookie", cookie));
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Referrer-Policy", "no-referrer");
    // Whoever opened the link in a window is out of the BMC's reach; BMCs' pages go without it.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Location", "/");
    response.setStatus(HttpServletResponse.SC_FOUND);
  }

  /** The browser's sessions of the same BMC; empty when one of its cookies is anything else. */
  private List<Grant> earlierSessions(HttpServletRequest request, Grant grant) {
    List<Optional<Grant>> all =
        cookies.tokens(request).stream().map(admission::signedGrant).toList();
    List<Grant> same =
        all.stream()
            .flatMap(Optional::stream)
            .filter(each -> admission.isSameBmc(each, grant))
            .toList();
    return same.size() == all.size() ? same : List.of();
  }
}
