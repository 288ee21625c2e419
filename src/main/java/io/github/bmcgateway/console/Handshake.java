package io.github.bmcgateway.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a request is to the console, read from its head: RFC 6455, section 4.2.1, and RFC 8441. */
sealed interface Handshake {
  /** No WebSocket upgrade: an ordinary request. */
  record None() implements Handshake {}

  /** Means to be an upgrade but isn't a proper one. */
  record Malformed() implements Handshake {}

  /**
   * A proper upgrade.
   *
   * @param offered the subprotocols, in the browser's order
   */
  record Upgrade(List<String> offered) implements Handshake {}

  /** Reads a request's head. */
  static Handshake of(HttpServletRequest request) {
    boolean http2 = "CONNECT".equals(request.getMethod());
    if (!http2 && !tokens(request, "Upgrade").contains("websocket")) {
      return new None();
    }
    boolean proper =
        "13".equals(request.getHeader("Sec-WebSocket-Version"))
            && !hasBody(request)
            && (http2 ? isExtendedConnect(request) : isHttp1Upgrade(request));
    return proper ? new Upgrade(values(request, "Sec-WebSocket-Protocol")) : new Malformed();
  }

  private static boolean isExtendedConnect(HttpServletRequest request) {
    return "HTTP/2.0".equals(request.getProtocol()) && request.getRequestURI().startsWith("/");
  }

  private static boolean isHttp1Upgrade(HttpServletRequest request) {
    return "GET".equals(request.getMethod())
        && "HTTP/1.1".equals(request.getProtocol())
        && tokens(request, "Connection").contains("upgrade")
        && hasKey(request);
  }

  private static boolean hasBody(HttpServletRequest request) {
    // On HTTP/2 the stream of a CONNECT stays open: there only a declared length means a body.
    return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
  }

  private static boolean hasKey(HttpServletRequest request) {
    List<String> keys = Collections.list(request.getHeaders("Sec-WebSocket-Key"));
    if (keys.size() != 1) {
      return false;
    }
    try {
      return Base64.getDecoder().decode(keys.get(0).strip()).length == 16;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static List<String> tokens(HttpServletRequest request, String header) {
    List<String> tokens = new ArrayList<>(values(request, header));
    tokens.replaceAll(token -> token.toLowerCase(Locale.ROOT));
    return tokens;
  }

  private static List<String> values(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header)).stream()
        .flatMap(line -> Stream.of(line.split(",")))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }
}
