package io.github.bmcgateway.ops;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes a {@link Failure} as the gateway's own answer: HTML for a browser's navigation, else JSON.
 * Stateless; nothing of the request is reflected.
 */
public final class FailurePages {
  private static final String CSP =
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none';"
          + " form-action 'none'";
  private static final int RETRY_SECONDS = 5;

  private FailurePages() {}

  /** Answers with the failure; does nothing when the answer has begun already. */
  public static void send(HttpServletRequest request, HttpServletResponse response, Failure failure)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.reset();
    response.setStatus(failure.status());
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Content-Security-Policy", CSP);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    if (failure.retryable()) {
      response.setIntHeader("Retry-After", RETRY_SECONDS);
    }
    boolean html = wantsHtml(request);
    byte[] body = (html ? html(failure) : json(failure)).getBytes(StandardCharsets.UTF_8);
    response.setContentType(html ? "text/html;charset=utf-8" : "application/json");
    response.setContentLength(body.length);
    if (!"HEAD".equals(request.getMethod())) {
      response.getOutputStream().write(body);
    }
  }

  private static boolean wantsHtml(HttpServletRequest request) {
    String accept = request.getHeader("Accept");
    return accept != null && accept.contains("text/html");
  }

  private static String json(Failure failure) {
    // Codes and messages are this program's own constants: nothing in them needs escaping.
    return "{\"error\":\"" + failure.code() + "\",\"message\":\"" + failure.message() + "\"}";
  }

  private static String html(Failure failure) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%1$s</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}
        code{opacity:.7}</style>
        </head>
        <body>
        <main>
        <h1>%1$s</h1>
        <p><code>%2$d %3$s</code></p>
        </main>
        </body>
        </html>
        """
        .formatted(failure.message(), failure.status(), failure.code());
  }
}
