package io.github.bmcgateway.entry;

import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.token.Grant;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/**
 * Finds the live session that a link would take a browser away from. Another site could otherwise
 * put its own BMC in the place of the one that the user believes to be typing into.
 *
 * <p>With a form from another site browsers don't send the session cookie. Then a marker tells that
 * there is a session ({@link SessionCookies#isMarked}), if not of which BMC; that it is asked for
 * then, too, lets the own page's form carry the session cookie along. Immutable; safe for use by
 * several threads.
 */
final class Departures {
  private final Admission admission;
  private final SessionCookies cookies;

  /**
   * A session that would be left.
   *
   * @param from its BMC, if the browser tells
   */
  record Departure(Optional<Bmc> from) {}

  Departures(Admission admission, SessionCookies cookies) {
    this.admission = admission;
    this.cookies = cookies;
  }

  /** The departure that another site has brought about. */
  Optional<Departure> byAnotherSite(
      HttpServletRequest request, PublicOrigin origin, Grant entered) {
    return OriginRule.isFromAnotherSite(request, origin)
        ? of(request, origin, entered)
        : Optional.empty();
  }

  /** The departure that the browser's move to the BMC of this grant would be. */
  Optional<Departure> of(HttpServletRequest request, PublicOrigin origin, Grant entered) {
    List<String> held = cookies.tokens(request);
    if (held.isEmpty() && cookies.isMarked(request)) {
      return Optional.of(new Departure(Optional.empty()));
    }
    return held.stream()
        .limit(Admission.MAX_TOKENS)
        .map(cookie -> admission.admitCookie(cookie, origin))
        .filter(Verdict.Admitted.class::isInstance)
        .map(Verdict.Admitted.class::cast)
        .filter(admitted -> !admission.isSameBmc(admitted.grant(), entered))
        .map(admitted -> new Departure(Optional.of(admitted.bmc())))
        .findFirst();
  }
}
