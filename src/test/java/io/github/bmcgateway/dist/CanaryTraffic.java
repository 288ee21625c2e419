package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;

/** Requests with secrets wherever a request can hold one. */
final class CanaryTraffic {
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";

  private final Browser browser;
  private final Canaries canaries;
  private final Map<String, String> ownAnswers = new LinkedHashMap<>();

  CanaryTraffic(Browser browser, Canaries canaries) {
    this.browser = browser;
    this.canaries = canaries;
  }

  /** What the gateway said of its own accord, by what it was asked. */
  Map<String, String> ownAnswers() {
    return ownAnswers;
  }

  /** A session for a BMC: its {@code Cookie} header. The token is a secret of this name. */
  String session(String name, int port, String vendor) throws IOException {
    String token = Tokens.mint(port, 1800, claims -> claims.claim("vendor", vendor));
    canaries.add(name, token);
    canaries.add(name + "'s signature", token.substring(token.lastIndexOf('.') + 1));
    String answer = exchange("GET /gpsession?token=" + token, "", "");
    assertTrue(answer.startsWith("HTTP/1.1 302 "), answer);
    return "Cookie: pm-session=" + token;
  }

  /** Sends a request; the answer up to its end. */
  String exchange(String line, String headers, String body) throws IOException {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return browser.sendRaw(
        line
            + " HTTP/1.1\r\nHost: localhost:"
            + browser.port()
            + "\r\nConnection: close\r\n"
            + headers
            + length
            + "\r\n"
            + body);
  }

  /** Sends what the gateway itself is to answer, with this status. */
  void own(int status, String line, String headers, String body) throws IOException {
    for (String accept : List.of("text/html", "*/*")) {
      String answer = exchange(line, headers + "Accept: " + accept + "\r\n", body);
      assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), () -> line + ": " + answer);
      ownAnswers.put(line + " as " + accept, withoutSession(answer));
    }
  }

  /** The browser's own session cookie is what it is for. */
  private static String withoutSession(String answer) {
    return answer.replaceAll("(?i)Set-Cookie: pm-session=[^;]+", "");
  }

  /** Sends bytes that are no request; the answer is the gateway's or its server's. */
  void malformed(String bytes) throws IOException {
    ownAnswers.put("malformed " + ownAnswers.size(), browser.sendRaw(bytes));
  }

  /** Secrets in headers, queries, paths and bodies of requests that a BMC answers as it likes. */
  void everywhere(String cookie) throws IOException {
    String secret = canaries.get("request");
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    String basic = "root:" + secret;
    String headers =
        cookie
            + "; sid="
            + secret
            + "\r\nAuthorization: Basic "
            + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8))
            + "\r\nReferer: https://localhost:"
            + browser.port()
            + "/a?ST1="
            + encoded
            + "\r\n";
    for (String name : List.of("X-Auth-Token", "X-PM-Token", "ST2", "XSRF-TOKEN", "X-Planted")) {
      headers += name + ": " + secret + "\r\n";
    }
    exchange("GET /planted;sid=" + encoded + "?ST1=" + encoded + "&VCSID=" + encoded, headers, "");
    exchange("POST /planted", headers + FORM, "user=root&password=" + encoded);
    exchange("PUT /planted", headers, "{\"Password\":\"" + secret + "\"}");
    String chunk = Integer.toHexString(secret.length()) + "\r\n" + secret + "\r\n0\r\n\r\n";
    browser.sendRaw(
        "POST /planted HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + headers
            + "Transfer-Encoding: chunked\r\n\r\n"
            + chunk);
    upgrade("/planted?vck=" + encoded, headers);
  }

  /** Asks for a socket; waits for the head of the answer only. */
  String upgrade(String target, String headers) throws IOException {
    try (SSLSocket socket = browser.connect()) {
      socket.startHandshake();
      String head =
          "GET " + target + " HTTP/1.1\r\nHost: localhost:" + browser.port() + "\r\n" + headers;
      socket.getOutputStream().write((head + UPGRADE + "\r\n").getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      while (!answer.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = socket.getInputStream().read();
        if (b < 0) {
          break;
        }
        answer.write(b);
      }
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /** The cookies of an answer, as a browser sends them with those that it has. */
  static String with(String cookie, String answer) {
    List<String> cookies = new ArrayList<>(List.of(cookie));
    answer
        .lines()
        .filter(line -> line.regionMatches(/* ignoreCase= */ true, 0, "Set-Cookie: ", 0, 12))
        .map(line -> line.substring(12).split(";", 2)[0])
        .forEach(cookies::add);
    return String.join("; ", cookies);
  }
}
