package io.github.bmcgateway.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * Writes the gateway's own answers: pages and JSON, never cached, under a policy that lets a page
 * load nothing, run nothing that isn't its own and be framed by nobody. Stateless.
 */
public final class OwnAnswers {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--line:#8885;--accent:#0a58ca}
      @media(prefers-color-scheme:dark){:root{--accent:#8ab4f8}}
      body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1rem;
      overflow-wrap:anywhere}
      h1{font-size:1.5rem;line-height:1.25}
      h2{font-size:1.125rem}
      a{color:var(--accent)}
      dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.5rem 1rem;
      border-top:1px solid var(--line);border-bottom:1px solid var(--line);padding:1rem 0}
      dd{margin:0}
      button{font:inherit;padding:.6rem 1.2rem;min-height:2.75rem;cursor:pointer}
      .note{font-size:.875rem}
      """;
  private static final String CSP =
      "default-src 'none'; style-src '"
          + sha256(STYLE)
          + "'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OwnAnswers() {}

  /**
   * Answers with a page.
   *
   * @param title the page's heading, plain text
   * @param body what follows the heading, HTML
   */
  public static void html(HttpServletResponse response, int status, String title, String body)
      throws IOException {
    send(response, status, "text/html;charset=utf-8", CSP, page(title, body));
  }

  /**
   * Answers with a page that runs one script, and which the policy lets run nothing else. Without
   * scripts in the browser the page has to do as well.
   *
   * @param script the script's text, without {@code </script>} in it
   */
  public static void html(
      HttpServletResponse response, int status, String title, String body, String script)
      throws IOException {
    send(
        response,
        status,
        "text/html;charset=utf-8",
        CSP + "; script-src '" + sha256(script) + "'",
        page(title, body + "<script>" + script + "</script>"));
  }

  private static String page(String title, String body) {
    // The icon keeps the browser from asking the BMC for one.
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s</title>
        <link rel="icon" href="data:,">
        <style>%2$s</style>
        </head>
        <body>
        <main>
        <h1>%1$s</h1>
        %3$s
        </main>
        </body>
        </html>
        """
        .formatted(escape(title), STYLE, body);
  }

  /** Answers with a JSON object. */
  public static void json(HttpServletResponse response, int status, Map<String, ?> object)
      throws IOException {
    try {
      send(response, status, "application/json", CSP, JSON.writeValueAsString(object));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not plain values", e);
    }
  }

  /** The text as it stands in HTML, within an element or a quoted attribute. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static void send(
      HttpServletResponse response, int status, String type, String policy, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Content-Security-Policy", policy);
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (!response.containsHeader("Referrer-Policy")) {
      // Not "no-referrer": a form of such a page is posted with Origin: null.
      response.setHeader("Referrer-Policy", "same-origin");
    }
    response.setContentType(type);
    response.setContentLength(body.length);
    // To a HEAD the container sends the headers only.
    response.getOutputStream().write(body);
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }
}
