package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.OwnAnswers;
import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.policy.Scope;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.Upstream;
import io.github.bmcgateway.token.Grant;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gateway's own URLs for whoever has a session: what it is, and its end. The caller has applied
 * the origin rule. Safe for use by several threads.
 */
final class SessionPages {
  private static final String HOME = ReservedPaths.OWN_PREFIX;
  private static final String SESSION = ReservedPaths.OWN_PREFIX + "session";
  private static final String LOGOUT = ReservedPaths.OWN_PREFIX + "logout";

  private final Admission admission;
  private final SessionCookies cookies;
  private final ShadowCookies shadows;
  private final BrowserState browser;
  private final LiveSessions sessions;
  private final Hops hops;
  private final FarSessions far;
  private final Clock clock;

  SessionPages(
      Admission admission,
      SessionCookies cookies,
      ShadowCookies shadows,
      BrowserState browser,
      LiveSessions sessions,
      Hops hops,
      FarSessions far,
      Clock clock) {
    this.admission = admission;
    this.cookies = cookies;
    this.shadows = shadows;
    this.browser = browser;
    this.sessions = sessions;
    this.hops = hops;
    this.far = far;
    this.clock = clock;
  }

  void answer(
      String path, HttpServletRequest request, HttpServletResponse response, PublicOrigin origin)
      throws IOException {
    Optional<String> allowed = allowedMethods(path);
    if (allowed.isEmpty()) {
      FailurePages.send(request, response, Failure.NOT_FOUND);
    } else if (!List.of(allowed.get().split(", ")).contains(request.getMethod())) {
      FailurePages.methodNotAllowed(request, response, allowed.get());
    } else {
      Verdict verdict = admission.admitAll(cookies.tokens(request), origin);
      if (verdict instanceof Verdict.Admitted admitted) {
        answer(path, admitted, origin, request, response);
      } else if (verdict instanceof Verdict.Refused refused) {
        AuditTrail.refused(request, refused);
        if (refused.failure() == Failure.BAD_REQUEST) {
          FailurePages.ambiguousSession(request, response, shadows.expired(request, origin));
        } else {
          FailurePages.send(request, response, refused.failure());
        }
      }
    }
  }

  private static Optional<String> allowedMethods(String path) {
    return switch (path) {
      case HOME, SESSION -> Optional.of("GET, HEAD");
      case LOGOUT -> Optional.of("POST");
      default -> Optional.empty();
    };
  }

  private void answer(
      String path,
      Verdict.Admitted admitted,
      PublicOrigin origin,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    switch (path) {
      case HOME ->
          OwnAnswers.html(
              response,
              200,
              HomePage.of(
                  admitted.bmc(),
                  admitted.grant().scope(),
                  admitted.grant().expires(),
                  clock.instant(),
                  LOGOUT));
      case SESSION -> OwnAnswers.json(response, 200, describe(admitted));
      default -> {
        admitted.upstream().ifPresent(there -> logOutThere(there, admitted.bmc(), origin, request));
        logOut(request, response);
      }
    }
  }

  private static Map<String, Object> describe(Verdict.Admitted admitted) {
    Map<String, Object> session = new LinkedHashMap<>();
    session.put("ip", IpAddresses.format(admitted.bmc().address().ip()));
    session.put("vendor", admitted.vendor().orElse(admitted.bmc().profile().name()));
    session.put("expires", admitted.grant().expires().toString());
    session.put("scope", admitted.grant().scope().map(Scope::entries).orElse(null));
    return session;
  }

  private void logOutThere(
      Upstream there, Bmc bmc, PublicOrigin origin, HttpServletRequest request) {
    hops.prepare(request, there);
    LiveSession over = (kind, work) -> Optional.empty();
    far.logOut(
        request, new BmcRequest(bmc, request.getRequestURI(), origin, over, Optional.of(there)));
  }

  private void logOut(HttpServletRequest request, HttpServletResponse response) throws IOException {
    for (String cookie : cookies.tokens(request)) {
      admission.signedGrant(cookie).ifPresent(grant -> end(grant, request));
    }
    browser.clear(request, response);
    cookies.close().forEach(cookie -> response.addHeader("Set-Cookie", cookie));
    if (FailurePages.wantsHtml(request)) {
      OwnAnswers.html(response, 200, HomePage.loggedOut());
    } else {
      OwnAnswers.json(response, 200, Map.of("status", "logged out"));
    }
  }

  private void end(Grant grant, HttpServletRequest request) {
    AuditTrail.loggedOut(request, grant);
    sessions.logOut(grant.id(), grant.expires());
  }
}
