package io.github.bmcgateway.ops;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@link Failure} as the gateway's own answer: HTML for a browser's navigation, else JSON.
 * Stateless; nothing of the request is reflected.
 */
public final class FailurePages {
  private static final int RETRY_SECONDS = 5;

  /** An empty reference is the page's own address, so that nothing of the request is repeated. */
  private static final String RETRY_LINK = "<a class=\"main\" href=\"\">Try again</a>";

  /** Out of the frame, as that page is framed by nobody. */
  private static final String SESSION_LINK =
      "<a href=\"/.gateway/\" target=\"_top\">Your session</a>";

  private static final String REGION = FailurePages.class.getName() + ".region";

  private FailurePages() {}

  /** Has the answers to this request name the other gateway that it goes to. */
  public static void nameRegion(ServletRequest request, String host) {
    request.setAttribute(REGION, host);
  }

  private static String message(HttpServletRequest request, Failure failure) {
    return request.getAttribute(REGION) instanceof String region
        ? failure.message(region)
        : failure.message();
  }

  /**
   * Answers with the failure; does nothing when the answer has begun already.
   *
   * @return whether it answered
   */
  public static boolean send(
      HttpServletRequest request, HttpServletResponse response, Failure failure)
      throws IOException {
    return send(request, response, failure, Map.of());
  }

  /**
   * Answers that the method isn't one of those that work here.
   *
   * @param allowed the methods that do, separated by commas
   */
  public static void methodNotAllowed(
      HttpServletRequest request, HttpServletResponse response, String allowed) throws IOException {
    send(request, response, Failure.METHOD_NOT_ALLOWED, Map.of("Allow", List.of(allowed)));
  }

  /**
   * Answers that nobody knows which session is meant.
   *
   * @param cookies the values of {@code Set-Cookie} that take back what caused it
   */
  public static void ambiguousSession(
      HttpServletRequest request, HttpServletResponse response, List<String> cookies)
      throws IOException {
    send(request, response, Failure.BAD_REQUEST, Map.of("Set-Cookie", cookies));
  }

  /**
   * Answers that nobody knows where the request ends: what follows on its connection may be part of
   * it, and is not read.
   */
  public static void badFraming(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean isHttp1 = request.getProtocol().startsWith("HTTP/1.");
    send(
        request,
        response,
        Failure.BAD_REQUEST,
        isHttp1 ? Map.of("Connection", List.of("close")) : Map.of());
  }

  /** Answers that a credential is missing or wrong (RFC 6750, section 3). */
  public static void unauthorized(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    send(request, response, Failure.UNAUTHORIZED, Map.of("WWW-Authenticate", List.of("Bearer")));
  }

  /**
   * Answers that there were too many of these.
   *
   * @param limit what there were too many of
   * @param retryAfter when to try again
   * @return whether it answered, as {@link #send} does
   */
  public static boolean tooMany(
      HttpServletRequest request, HttpServletResponse response, Limit limit, Duration retryAfter)
      throws IOException {
    RequestAudit.of(request).limited(limit);
    String seconds = Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds()));
    return send(request, response, Failure.TOO_MANY, Map.of("Retry-After", List.of(seconds)));
  }

  /**
   * Whether the answer is for a person to read: a browser's navigation says so. Scripts of BMCs'
   * pages accept HTML, too; browsers tell the difference (Fetch Metadata, section 2.2).
   */
  public static boolean wantsHtml(HttpServletRequest request) {
    String accept = request.getHeader("Accept");
    String mode = request.getHeader("Sec-Fetch-Mode");
    return accept != null
        && accept.contains("text/html")
        && (mode == null || "navigate".equals(mode));
  }

  private static boolean send(
      HttpServletRequest request,
      HttpServletResponse response,
      Failure failure,
      Map<String, List<String>> headers)
      throws IOException {
    RequestAudit.of(request).failed(failure);
    if (response.isCommitted()) {
      return false;
    }
    response.reset();
    headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    // The address of a failed link holds its token.
    response.setHeader("Referrer-Policy", "no-referrer");
    if (failure.retryable() && !headers.containsKey("Retry-After")) {
      response.setIntHeader("Retry-After", RETRY_SECONDS);
    }
    if (wantsHtml(request)) {
      String body = html(request, failure, headers.getOrDefault("Retry-After", List.of()));
      String title = headline(message(request, failure));
      OwnAnswers.html(response, failure.status(), OwnPage.framed(title, body));
    } else {
      OwnAnswers.json(response, failure.status(), json(request, failure));
    }
    return true;
  }

  private static Map<String, String> json(HttpServletRequest request, Failure failure) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("error", failure.code());
    body.put("message", message(request, failure));
    return body;
  }

  /** A message's first sentence says what happened, the others what to do next. */
  private static String headline(String message) {
    int end = message.indexOf(". ");
    return end < 0 ? message : message.substring(0, end + 1);
  }

  private static String html(
      HttpServletRequest request, Failure failure, List<String> waitSeconds) {
    String message = message(request, failure);
    String advice = message.substring(headline(message).length()).trim();
    return """
        <p>%s%s</p>
        %s<p class="note">Error %d %s</p>
        """
        .formatted(
            OwnAnswers.escape(advice),
            waitSeconds.isEmpty() ? "" : " That is possible in " + waitSeconds.get(0) + " s.",
            actions(failure, request.getMethod()),
            failure.status(),
            failure.code());
  }

  private static String actions(Failure failure, String method) {
    // What was sent can't be sent again by a link.
    boolean repeats = failure.mayPass() && "GET".equals(method);
    String links =
        (repeats ? RETRY_LINK + "\n" : "") + (failure.isInSession() ? SESSION_LINK + "\n" : "");
    return links.isEmpty() ? "" : "<p class=\"actions\">\n" + links + "</p>\n";
  }
}
