package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.BmcSession;
import io.github.bmcgateway.target.BmcSessionKeeper;
import io.github.bmcgateway.target.BmcSessionKeeper.Upload;
import io.github.bmcgateway.target.LoginLimits.Attempt;
import io.github.bmcgateway.target.VendorProfile.Login;
import io.github.bmcgateway.target.VendorProfile.Logout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/** One exchange that is watched, and what it turns out to have been. */
final class Watched {
  static final String REQUEST_BODY = Watched.class.getName() + ".requestBody";
  private static final int FIRST_ANSWER = 200;
  private static final int FIRST_FAILURE = 400;
  private static final int FIRST_FAULT = 500;

  /** What a session is told by goes into a header: printable, and not without end. */
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{1,4096}");

  private final BmcRequest to;
  private final Request request;
  private final BmcSessionKeeper sessions;
  private final Optional<Login> login;
  private final Optional<Attempt> attempt;
  private final Optional<Upload> upload;
  private volatile Optional<Tap> answer = Optional.empty();

  Watched(
      BmcRequest to,
      Request request,
      BmcSessionKeeper sessions,
      Optional<Login> login,
      Optional<Attempt> attempt,
      Optional<Upload> upload) {
    this.to = to;
    this.request = request;
    this.sessions = sessions;
    this.login = login;
    this.attempt = attempt;
    this.upload = upload;
  }

  ContentTransformer tapAnswer(ContentTransformer transformer) {
    if (login.isEmpty()) {
      return transformer;
    }
    Tap seen = new Tap(transformer);
    answer = Optional.of(seen);
    return seen;
  }

  /** The request isn't going out. */
  void abandon() {
    attempt.ifPresent(each -> each.over(/* failed= */ false));
    upload.ifPresent(each -> each.over(/* sent= */ false));
  }

  /** The head of an answer has come: all that there is to know of Basic credentials. */
  void answered(Response response) {
    if (login.isEmpty() && response.getStatus() >= FIRST_ANSWER) {
      basicOver(response.getStatus() == HttpStatus.UNAUTHORIZED_401);
    }
  }

  private void basicOver(boolean failed) {
    attempt.ifPresent(each -> each.over(failed));
  }

  /** The exchange is over. */
  void over(Result result) {
    Response response = result.getResponse();
    int status = response == null ? 0 : response.getStatus();
    if (login.isPresent()) {
      loginOver(login.get(), result, status);
    } else {
      basicOver(isUnanswered(result, status));
    }
    if (status > 0 && status < FIRST_FAULT) {
      sessions.closed(to.bmc(), this::ends);
    }
    upload.ifPresent(each -> each.over(/* sent= */ true));
  }

  private void loginOver(Login tried, Result result, int status) {
    boolean failed = status == 0 ? isUnanswered(result, status) : isRefusal(tried, result, status);
    attempt.ifPresent(each -> each.over(failed));
    if (!failed && status > 0 && status < FIRST_FAILURE) {
      session(tried, result.getResponse())
          .ifPresent(session -> sessions.opened(to.session(), session));
    }
  }

  /** Who breaks off before the answer has come isn't spared: the BMC has counted already. */
  private static boolean isUnanswered(Result result, int status) {
    return status == 0 && result.getRequestFailure() == null;
  }

  private boolean isRefusal(Login tried, Result result, int status) {
    boolean refused =
        tried.failedStatus().contains(status)
            // A BMC without a free session says so with a 503 and the body of a refusal.
            || (status < FIRST_FAULT && hasFailedBody(tried, result));
    return refused && !isSpared(tried, result);
  }

  private boolean isSpared(Login tried, Result result) {
    return !result.isFailed()
        && tried.sparedBody().filter(b -> b.matcher(body(result.getResponse())).find()).isPresent();
  }

  private boolean hasFailedBody(Login tried, Result result) {
    return tried
        .failedBody()
        .map(body -> result.isFailed() || body.matcher(body(result.getResponse())).find())
        .orElse(false);
  }

  private Optional<BmcSession> session(Login opened, Response response) {
    if (opened.logout().isEmpty() || opened.session().isEmpty()) {
      return Optional.empty();
    }
    String text =
        lines(response.getHeaders().stream())
            + lines(request.getHeaders().stream().filter(field -> field.is("Cookie")))
            + "\n"
            + body(response);
    Map<String, Secret> values = new HashMap<>();
    opened.session().forEach((name, pattern) -> capture(name, pattern.matcher(text), values));
    return values.size() == opened.session().size()
        ? Optional.of(new BmcSession(to.bmc(), opened.logout().get(), values))
        : Optional.empty();
  }

  private static String lines(Stream<HttpField> fields) {
    return fields
        .map(field -> field.getName() + ": " + field.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static void capture(String name, Matcher found, Map<String, Secret> values) {
    if (found.find() && found.group(1) != null && VALUE.matcher(found.group(1)).matches()) {
      values.put(name, Secret.of(found.group(1)));
    }
  }

  private String body(Response response) {
    boolean gzipped = response.getHeaders().contains(HttpHeader.CONTENT_ENCODING, "gzip");
    return answer.map(seen -> seen.text(gzipped)).orElse("");
  }

  /** Whether this was the request with which the profile ends the session. */
  private boolean ends(BmcSession session) {
    Logout logout = session.logout();
    if (!logout.method().equals(request.getMethod())
        || !session.fill(logout.path()).equals(RequestRules.pathOf(to.target()))) {
      return false;
    }
    // Where the body says what is wanted, a login may go to the same path.
    return logout.body().isPresent()
        ? request.getAttributes().get(REQUEST_BODY) instanceof Tap tap
            && session.isIn(tap.text(/* gzipped= */ false))
        : LoginWatch.carries(request, session);
  }
}
