package io.github.bmcgateway.proxy;

import io.github.bmcgateway.target.LoginLimits.Attempt;
import io.github.bmcgateway.target.VendorProfile.Login;
import java.util.Optional;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.http.HttpHeader;

/** One login on its way, and how it went. */
final class WatchedLogin {
  private final Login login;
  private final Attempt attempt;
  private volatile Optional<Tap> tap = Optional.empty();

  WatchedLogin(Login login, Attempt attempt) {
    this.login = login;
    this.attempt = attempt;
  }

  ContentTransformer tap(ContentTransformer transformer) {
    Tap seen = new Tap(transformer);
    tap = Optional.of(seen);
    return seen;
  }

  void abandon() {
    attempt.over(/* failed= */ false);
  }

  /** The exchange is over. */
  void over(Result result) {
    attempt.over(hasFailed(result));
  }

  /** Who breaks off before the answer has come isn't spared: the BMC has counted already. */
  private boolean hasFailed(Result result) {
    Response response = result.getResponse();
    if (response == null || response.getStatus() == 0) {
      return result.getRequestFailure() == null;
    }
    return login.failedStatus().contains(response.getStatus())
        || login.failedBody().map(body -> isIn(body(response), body, result)).orElse(false);
  }

  private static boolean isIn(String text, java.util.regex.Pattern pattern, Result result) {
    return pattern.matcher(text).find() || result.isFailed();
  }

  private String body(Response response) {
    boolean gzipped = response.getHeaders().contains(HttpHeader.CONTENT_ENCODING, "gzip");
    return tap.map(seen -> seen.text(gzipped)).orElse("");
  }
}
