package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Jetty base promises of its connector, in a running one. */
class JettyBaseIT {

  @TempDir static Path folder;
  private static JettyBase base;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    base = JettyBase.unpack(folder, Map.of());
    base.start();
    browser = base.browser();
  }

  @AfterAll
  static void stop() {
    base.close();
  }

  @Test
  void speaksHttp2() throws Exception {
    HttpResponse<?> answer = browser.get("/", Map.of());

    assertEquals(HttpClient.Version.HTTP_2, answer.version());
  }

  @Test
  void doesNotAdvertiseWebSocketsOverHttp2() throws Exception {
    Map<Integer, Long> settings = Http2Settings.of(browser);

    assertFalse(settings.isEmpty(), "no SETTINGS came");
    assertEquals(0, settings.getOrDefault(Http2Settings.ENABLE_CONNECT_PROTOCOL, 0L));
  }

  @Test
  void tellsNothingOfTheServer() throws Exception {
    HttpResponse<?> answer = browser.get("/", Map.of());

    assertTrue(answer.headers().firstValue("Server").isEmpty());
    assertTrue(answer.headers().firstValue("X-Powered-By").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"//a", "/a%2fb", "/a%25b", "/a|b", "/[a]", "//a%2fb|[c],", "/a,b,"})
  void takesTheTargetsThatPagesOfBmcsAskFor(String target) throws Exception {
    assertNotEquals(400, status(get(target, "")));
  }

  @Test
  void takesAHeadOf30KibButNoneOverThe32() throws Exception {
    assertNotEquals(431, status(get("/", "Cookie: a=" + "x".repeat(30 * 1024) + "\r\n")));
    assertEquals(431, status(get("/", "Cookie: a=" + "x".repeat(33 * 1024) + "\r\n")));
    assertEquals(431, status(get("/" + "x".repeat(33 * 1024), "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: localhost\n\n",
        "GET / HTTP/1.1\r\nHost: localhost\nX-A: b\r\nConnection: close\r\n\r\n"
      })
  void refusesABareLineFeed(String request) throws Exception {
    String answer = browser.sendRaw(request);

    assertEquals(400, status(answer), answer);
  }

  @Test
  void readsNoRequestBehindABareLineFeedInAChunk() throws Exception {
    String answers =
        browser.sendRaw(
            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "1\na\r\n0\r\n\r\n"
                + "GET /second HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertEquals(1, answers.split("HTTP/1.1 ", -1).length - 1, answers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /?token=SECRET HTTP/1.1\nHost: localhost\n\n",
        "GET /a%00?token=SECRET HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
      })
  void answersWhatItRefusesWithoutRepeatingIt(String request) throws Exception {
    String answer = browser.sendRaw(request);

    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertTrue(answer.contains("\r\n\r\n{\"error\":\"bad_request\","), answer);
    assertFalse(answer.contains("SECRET"), answer);
  }

  @Test
  void answersWhatIsAskedOfTheServerAsAWhole() throws Exception {
    String answer =
        browser.sendRaw("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    assertTrue(answer.endsWith("\r\n\r\n"), answer);
  }

  @Test
  void takesUpARenewedCertificate() throws Exception {
    KeyStore renewed = TestCertificates.localhost();
    Dist.writePair(base.folder(), renewed);

    base.process()
        .await(
            "renewed certificate",
            () -> browser.certificate().equals(TestCertificates.certificate(renewed)));
  }

  private static String get(String target, String headers) throws IOException {
    return browser.sendRaw(
        "GET "
            + target
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + headers
            + "\r\n");
  }

  private static int status(String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 "), answer);
    return Integer.parseInt(answer.substring(9, 12));
  }
}
