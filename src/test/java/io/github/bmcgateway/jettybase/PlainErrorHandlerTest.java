package io.github.bmcgateway.jettybase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainErrorHandlerTest {
  /** More than Jetty's default of 8 KiB. */
  private static final int TOO_LARGE = 9_000;

  private static final Server SERVER = new Server();
  private static final LocalConnector CONNECTOR = new LocalConnector(SERVER);

  @BeforeAll
  static void start() throws Exception {
    SERVER.addConnector(CONNECTOR);
    SERVER.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            boolean stopping = request.getHttpURI().getPath().equals("/stopping");
            if (stopping) {
              Response.writeError(request, response, callback, 503);
            }
            return stopping;
          }
        });
    SERVER.setErrorHandler(new PlainErrorHandler());
    SERVER.start();
  }

  @AfterAll
  static void stop() throws Exception {
    SERVER.stop();
  }

  @ParameterizedTest
  @CsvSource({
    "GET /a/%2e%2e/.gateway/session?token=SECRET HTTP/1.1, 400, bad_request",
    "GET /x/..;/gpsession?token=SECRET HTTP/1.1, 400, bad_request",
    "GET /?token=SECRET HTTP/9.9, 505, bad_request",
    "GET /?token=SECRET HTTP/1.1, 404, not_found",
    "CONNECT SECRET:443 HTTP/1.1, 405, method_not_allowed"
  })
  void answersWhatJettyRefusesWithAnErrorCode(String line, int status, String code)
      throws Exception {
    HttpTester.Response answer = ask(line, "");

    assertEquals(status, answer.getStatus());
    assertJson(code, answer);
  }

  @Test
  void answersAHeadThatIsTooLargeAlikeWhereverItIs() throws Exception {
    String large = "x".repeat(TOO_LARGE);

    for (HttpTester.Response answer :
        new HttpTester.Response[] {
          ask("GET /" + large + " HTTP/1.1", ""), ask("GET / HTTP/1.1", "X-A: " + large + "\r\n")
        }) {
      assertEquals(431, answer.getStatus());
      assertJson("too_large", answer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Sec-Fetch-Mode: navigate\r\n"})
  void answersABrowsersNavigationWithAPage(String mode) throws Exception {
    HttpTester.Response answer = ask("GET /x/..;/y HTTP/1.1", "Accept: text/html\r\n" + mode);

    assertEquals(400, answer.getStatus());
    assertTrue(answer.get("Content-Type").startsWith("text/html"), answer.get("Content-Type"));
    assertTrue(answer.get("Content-Security-Policy").contains("default-src 'none'"));
    assertTrue(answer.getContent().contains("bad_request"), answer.getContent());
  }

  @Test
  void tellsWhenToTryAgainWhereItIsStopping() throws Exception {
    HttpTester.Response answer = ask("GET /stopping HTTP/1.1", "");

    assertEquals(503, answer.getStatus());
    assertEquals("5", answer.get("Retry-After"));
    assertJson("draining", answer);
  }

  @Test
  void answersAScriptThatTakesAnythingWithJson() throws Exception {
    assertJson(
        "bad_request",
        ask("GET /x/..;/y HTTP/1.1", "Accept: text/html, */*\r\nSec-Fetch-Mode: cors\r\n"));
  }

  private static void assertJson(String code, HttpTester.Response answer) {
    assertEquals("application/json", answer.get("Content-Type"));
    assertEquals("no-store", answer.get("Cache-Control"));
    String body = answer.getContent();
    assertTrue(body.startsWith("{\"error\":\"" + code + "\",\"message\":\""), body);
    assertFalse(body.contains("SECRET"), body);
  }

  private static HttpTester.Response ask(String line, String headers) throws Exception {
    return HttpTester.parseResponse(
        CONNECTOR.getResponse(
            line + "\r\nHost: localhost\r\n" + headers + "Connection: close\r\n\r\n"));
  }
}
