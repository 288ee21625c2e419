package io.github.bmcgateway.jettybase;

import io.github.bmcgateway.ops.Failure;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what Jetty refuses before the gateway sees it in the gateway's own form: a page for a
 * browser's navigation, else JSON with the error code.
 *
 * <p>Jetty's own page repeats the request's URL, which may carry a token, and the name of the
 * exception. Thread-safe.
 */
public final class PlainErrorHandler extends ErrorHandler {
  private static final long RETRY_SECONDS = 5;

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    // Jetty answers OPTIONS * this way too, which is no error and was given an empty body.
    if (HttpStatus.hasNoBody(status) || status < HttpStatus.BAD_REQUEST_400) {
      callback.succeeded();
      return true;
    }
    Failure failure = failure(request, status);
    if (failure == Failure.HEAD_TOO_LARGE || failure == Failure.METHOD_NOT_ALLOWED) {
      // To Jetty, a target that is too long is something else than a head that is.
      response.setStatus(failure.status());
    }
    if (failure == Failure.METHOD_NOT_ALLOWED) {
      headers.put(HttpHeader.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    if (failure.retryable()) {
      headers.put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
    }
    boolean page = wantsHtml(request.getHeaders());
    headers.put(HttpHeader.CONTENT_TYPE, page ? "text/html;charset=utf-8" : "application/json");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put(
        "Content-Security-Policy",
        "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
    Content.Sink.write(
        response, true, page ? html(response.getStatus(), failure) : json(failure), callback);
    return true;
  }

  private static Failure failure(Request request, int status) {
    if (HttpMethod.CONNECT.is(request.getMethod())) {
      // Refused whatever it is for, also where Jetty finds no authority in its target.
      return Failure.METHOD_NOT_ALLOWED;
    }
    return switch (status) {
      case HttpStatus.NOT_FOUND_404 -> Failure.NOT_FOUND;
      case HttpStatus.METHOD_NOT_ALLOWED_405 -> Failure.METHOD_NOT_ALLOWED;
      case HttpStatus.PAYLOAD_TOO_LARGE_413 -> Failure.TOO_LARGE;
      case HttpStatus.URI_TOO_LONG_414, HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
          Failure.HEAD_TOO_LARGE;
      case HttpStatus.INTERNAL_SERVER_ERROR_500 -> Failure.INTERNAL;
      // A gateway that can't serve doesn't start: it is on its way down.
      case HttpStatus.SERVICE_UNAVAILABLE_503 -> Failure.DRAINING;
      default -> Failure.BAD_REQUEST;
    };
  }

  private static boolean wantsHtml(HttpFields headers) {
    String accept = headers.get(HttpHeader.ACCEPT);
    String mode = headers.get("Sec-Fetch-Mode");
    return accept != null
        && accept.contains("text/html")
        && (mode == null || "navigate".equals(mode));
  }

  private static String json(Failure failure) {
    return "{\"error\":\"%s\",\"message\":\"%s\"}".formatted(failure.code(), failure.message());
  }

  private static String html(int status, Failure failure) {
    return """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Error %1$d</title></head>
        <body><main><h1>Error %1$d</h1><p>%2$s</p><p>%3$s</p></main></body>
        </html>
        """
        .formatted(status, failure.message(), failure.code());
  }
}
