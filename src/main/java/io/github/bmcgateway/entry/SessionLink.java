package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.token.Grant;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The session link: takes a token from the query or from a form, and opens the session that it
 * grants in this browser. A token that isn't good changes nothing. Safe for use by several threads.
 */
final class SessionLink {
  private static final String FIELD = "token";

  private final Admission admission;
  private final SessionCookies cookies;
  private final BrowserState browser;
  private final LiveSessions sessions;
  private final BooleanSupplier draining;
  private final Clock clock;

  SessionLink(
      Admission admission,
      SessionCookies cookies,
      BrowserState browser,
      LiveSessions sessions,
      BooleanSupplier draining,
      Clock clock) {
    this.admission = admission;
    this.cookies = cookies;
    this.browser = browser;
    this.sessions = sessions;
    this.draining = draining;
    this.clock = clock;
  }

  /** Answers a request for the link; the answer to a form comes later, asynchronously. */
  void answer(HttpServletRequest request, HttpServletResponse response, PublicOrigin origin)
      throws IOException {
    List<String> tokens = FormFields.values(request.getQueryString(), FIELD);
    if (draining.getAsBoolean()) {
      FailurePages.send(request, response, Failure.DRAINING);
    } else if (Browsers.isRead(request)) {
      open(tokens, request, response, origin);
    } else if ("POST".equals(request.getMethod())) {
      FormBody.read(
          request,
          response,
          form -> {
            List<String> all = new ArrayList<>(tokens);
            all.addAll(FormFields.values(form, FIELD));
            open(all, request, response, origin);
          });
    } else {
      FailurePages.methodNotAllowed(request, response, "GET, HEAD, POST");
    }
  }

  private void open(
      List<String> tokens,
      HttpServletRequest request,
      HttpServletResponse response,
      PublicOrigin origin)
      throws IOException {
    if (tokens.size() != 1) {
      FailurePages.send(request, response, Failure.BAD_REQUEST);
      return;
    }
    Verdict verdict = admission.admit(tokens.get(0), origin);
    if (verdict instanceof Verdict.Admitted admitted) {
      enter(tokens.get(0), admitted.grant(), request, response);
    } else if (verdict instanceof Verdict.Refused refused) {
      FailurePages.send(request, response, refused.failure());
    }
  }

  private void enter(
      String token, Grant grant, HttpServletRequest request, HttpServletResponse response) {
    List<Grant> earlier = earlierSessions(request, grant);
    if (earlier.isEmpty()) {
      browser.clear(request, response);
    }
    earlier.forEach(each -> sessions.move(each.id(), grant.id(), grant.extent(each)));
    response.addHeader("Set-Cookie", cookies.open(token, clock.instant(), grant.expires()));
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Referrer-Policy", "no-referrer");
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
            .filter(each -> each.address().equals(grant.address()))
            .toList();
    return same.size() == all.size() ? same : List.of();
  }
}
