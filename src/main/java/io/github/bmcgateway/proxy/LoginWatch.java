package io.github.bmcgateway.proxy;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.BmcSession;
import io.github.bmcgateway.target.BmcSessionKeeper;
import io.github.bmcgateway.target.BmcSessionKeeper.Upload;
import io.github.bmcgateway.target.LoginLimits;
import io.github.bmcgateway.target.LoginLimits.Allowed;
import io.github.bmcgateway.target.LoginLimits.Attempt;
import io.github.bmcgateway.target.LoginLimits.Refused;
import io.github.bmcgateway.target.LoginLimits.Verdict;
import io.github.bmcgateway.target.VendorProfile.Login;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;

/**
 * Watches logins, logouts and large uploads to BMCs pass, as the vendors' profiles describe them,
 * and tells of them. Changes and delays nothing. Safe for use by several threads.
 */
public final class LoginWatch {
  private static final String ATTRIBUTE = LoginWatch.class.getName();

  private final LoginLimits limits;
  private final BasicLogins basic;
  private final BmcSessionKeeper sessions;

  /**
   * @param limits asked before each login
   * @param sessions told of the sessions that come and go
   */
  public LoginWatch(LoginLimits limits, BmcSessionKeeper sessions) {
    this.limits = limits;
    this.basic = new BasicLogins(limits);
    this.sessions = sessions;
  }

  /**
   * Begins to watch a request that is ready to go.
   *
   * @return when to try again, if it must not go; else {@link #abandon} is to be called in case it
   *     doesn't
   */
  Optional<Duration> begin(HttpServletRequest browser, Request request, BmcRequest to) {
    List<Login> logins = to.bmc().profile().logins();
    Optional<Login> login = login(browser.getMethod(), to, logins);
    Optional<Verdict> verdict =
        login.isPresent() ? Optional.of(limits.begin(to.bmc())) : basic.begin(request, to.bmc());
    if (verdict.isPresent() && verdict.get() instanceof Refused refused) {
      return Optional.of(refused.retryAfter());
    }
    if (logins.isEmpty() && verdict.isEmpty()) {
      return Optional.empty();
    }
    Optional<Attempt> attempt = verdict.map(allowed -> ((Allowed) allowed).attempt());
    sessions.used(to.session(), to.bmc(), session -> carries(request, session));
    Watched watched = new Watched(to, request, sessions, login, attempt, upload(request, to));
    browser.setAttribute(ATTRIBUTE, watched);
    request.onResponseHeaders(watched::answered).onComplete(watched::over);
    return Optional.empty();
  }

  private static Optional<Login> login(String method, BmcRequest to, List<Login> logins) {
    String raw = RequestRules.pathOf(to.target());
    String plain = PlainPath.of(raw);
    return logins.stream()
        .filter(login -> login.method().equals(method))
        .filter(
            login -> login.path().matcher(raw).matches() || login.path().matcher(plain).matches())
        .findFirst();
  }

  static boolean carries(Request request, BmcSession session) {
    return request.getHeaders().stream()
        .anyMatch(field -> field.getValue() != null && session.isIn(field.getValue()));
  }

  private Optional<Upload> upload(Request request, BmcRequest to) {
    long bytes = request.getBody() == null ? 0 : request.getBody().getLength();
    return FirmwareUpdates.mayBe(request.getMethod(), bytes, to)
        ? Optional.of(sessions.upload(to.bmc()))
        : Optional.empty();
  }

  /** Forgets a request that isn't going out. */
  void abandon(HttpServletRequest browser) {
    if (browser.getAttribute(ATTRIBUTE) instanceof Watched watched) {
      watched.abandon();
    }
  }

  /** Lets the watch see the body of the request. */
  ContentTransformer tapRequest(Request request, BmcRequest to) {
    boolean small = request.getBody() != null && request.getBody().getLength() <= Tap.MAX_BYTES;
    if (!small || !mayLogOut(request.getMethod(), to)) {
      return ContentTransformer.IDENTITY;
    }
    Tap tap = new Tap(ContentTransformer.IDENTITY);
    request.attribute(Watched.REQUEST_BODY, tap);
    return tap;
  }

  private static boolean mayLogOut(String method, BmcRequest to) {
    return to.bmc().profile().logins().stream()
        .flatMap(login -> login.logout().stream())
        .anyMatch(logout -> logout.body().isPresent() && logout.method().equals(method));
  }

  /** Lets the watch see the body of the answer. */
  ContentTransformer tapAnswer(HttpServletRequest browser, ContentTransformer transformer) {
    return browser.getAttribute(ATTRIBUTE) instanceof Watched watched
        ? watched.tapAnswer(transformer)
        : transformer;
  }
}
