package io.github.bmcgateway.proxy;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.LoginLimits;
import io.github.bmcgateway.target.LoginLimits.Allowed;
import io.github.bmcgateway.target.LoginLimits.Refused;
import io.github.bmcgateway.target.LoginLimits.Verdict;
import io.github.bmcgateway.target.VendorProfile.Login;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;

/** Watches logins to BMCs pass. Safe for use by several threads. */
final class LoginWatch {
  private static final String ATTRIBUTE = LoginWatch.class.getName();

  private final LoginLimits limits;

  LoginWatch(LoginLimits limits) {
    this.limits = limits;
  }

  /**
   * Begins to watch a request that is ready to go, if it is a login.
   *
   * @return when to try again, if it must not go; else {@link #abandon} is to be called in case it
   *     doesn't
   */
  Optional<Duration> begin(HttpServletRequest browser, Request request, BmcRequest to) {
    Optional<Login> login = login(browser.getMethod(), to);
    if (login.isEmpty()) {
      return Optional.empty();
    }
    Verdict verdict = limits.begin(to.bmc());
    if (verdict instanceof Refused refused) {
      return Optional.of(refused.retryAfter());
    }
    if (verdict instanceof Allowed allowed) {
      WatchedLogin watched = new WatchedLogin(login.get(), allowed.attempt());
      browser.setAttribute(ATTRIBUTE, watched);
      request.onComplete(watched::over);
    }
    return Optional.empty();
  }

  private static Optional<Login> login(String method, BmcRequest to) {
    if (to.bmc().profile().logins().isEmpty()) {
      return Optional.empty();
    }
    String raw = RequestRules.pathOf(to.target());
    String plain = PlainPath.of(raw);
    return to.bmc().profile().logins().stream()
        .filter(login -> login.method().equals(method))
        .filter(
            login -> login.path().matcher(raw).matches() || login.path().matcher(plain).matches())
        .findFirst();
  }

  /** Forgets a request that isn't going out. */
  void abandon(HttpServletRequest browser) {
    if (browser.getAttribute(ATTRIBUTE) instanceof WatchedLogin watched) {
      watched.abandon();
    }
  }

  /** Lets the watch see the body of the answer. */
  ContentTransformer tap(HttpServletRequest browser, ContentTransformer transformer) {
    return browser.getAttribute(ATTRIBUTE) instanceof WatchedLogin watched
        ? watched.tap(transformer)
        : transformer;
  }
}
