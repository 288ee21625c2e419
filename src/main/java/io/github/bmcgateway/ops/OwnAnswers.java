package io.github.bmcgateway.ops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes the gateway's own answers: pages and JSON, never cached, under a policy that permits no
 * more than each needs. Stateless.
 */
public final class OwnAnswers {
  private static final String JSON_POLICY =
      "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OwnAnswers() {}

  /** Answers with a page. */
  public static void html(HttpServletResponse response, int status, OwnPage page)
      throws IOException {
    send(response, status, "text/html;charset=utf-8", page.policy(), page.html());
  }

  /** Answers with a JSON object. */
  public static void json(HttpServletResponse response, int status, Map<String, ?> object)
      throws IOException {
    try {
      send(response, status, "application/json", JSON_POLICY, JSON.writeValueAsString(object));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not plain values", e);
    }
  }

  /**
   * Answers with a text.
   *
   * @param type its media type, with the charset UTF-8
   */
  public static void text(HttpServletResponse response, String type, String text)
      throws IOException {
    send(response, HttpServletResponse.SC_OK, type, JSON_POLICY, text);
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
    // It all fits, and the container knows of no length that it reaches: else it would write at
    // once,
    // and the thread would wait for a client that takes nothing (a window of HTTP/2 of 0).
    response.setBufferSize(body.length + 1);
    // To a HEAD the container sends the headers only.
    response.getOutputStream().write(body);
  }
}
