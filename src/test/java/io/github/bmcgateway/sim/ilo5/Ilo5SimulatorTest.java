package io.github.bmcgateway.sim.ilo5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.RawConnection;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transport, pages, {@code /json}, events: what a unit takes, refuses and answers. */
class Ilo5SimulatorTest extends Ilo5Fixture {

  @Test
  void theShellCarriesItsMarkersAndIsCompressedUnasked() throws Exception {
    start();

    ContentResponse answer =
        client.request("GET", "/").headers(headers -> headers.remove("Accept-Encoding")).send();

    assertEquals(200, answer.getStatus());
    assertEquals("gzip", answer.getHeaders().get("Content-Encoding"));
    assertEquals("sameorigin", answer.getHeaders().get("X-Frame-Options"));
    assertNull(answer.getHeaders().get("Server"));
    String shell = unzipped(answer.getContent());
    assertTrue(shell.contains("src=js/iLO.js"));
    assertTrue(shell.contains("iLOGlobal.topPage = me.topPage;"));
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void filesMayComePlain() throws Exception {
    start(Ilo5Quirk.GZIP_FILES);

    ContentResponse answer = client.request("GET", "/js/iLO.js").send();

    assertNull(answer.getHeaders().get("Content-Encoding"));
    assertTrue(answer.getContentAsString().contains("unit: '" + bmc.tag() + "'"));
  }

  @Test
  void aFileThatTheClientHasIsNotSentAgain() throws Exception {
    start();
    String etag = client.request("GET", "/js/iLO.js").send().getHeaders().get("ETag");

    assertEquals(
        304,
        with(client.request("GET", "/js/iLO.js"), Map.of("If-None-Match", etag))
            .send()
            .getStatus());
  }

  @Test
  void headOnAFileIsNotAllowed() throws Exception {
    start();

    ContentResponse answer = client.request("HEAD", "/html/login.html").send();

    assertEquals(405, answer.getStatus());
    assertEquals("text/plain", answer.getMediaType());
    assertEquals(405, client.request("HEAD", "/html/intgapp4_231.jar").send().getStatus());
    assertEquals(200, client.request("GET", "/html/intgapp4_231.jar").send().getStatus());
    start(Ilo5Quirk.NO_HEAD_ON_FILES);
    assertEquals(200, client.request("HEAD", "/html/login.html").send().getStatus());
  }

  @Test
  void theClockAndTheServerHeaderAreAsOnRealUnits() throws Exception {
    start(Ilo5Simulator.builder().with(Ilo5Quirk.SERVER_HEADER));

    var headers = client.request("GET", "/").send().getHeaders();

    ZonedDateTime date =
        ZonedDateTime.parse(headers.get("Date"), DateTimeFormatter.RFC_1123_DATE_TIME);
    Duration ahead = Duration.between(Clock.systemUTC().instant(), date.toInstant());
    assertTrue(ahead.compareTo(Duration.ofHours(10)) > 0);
    assertEquals(1, headers.getValuesList("Date").size());
    assertEquals("HPE-iLO-Server/1.30", headers.get("Server"));
  }

  @Test
  void anUnknownHostIsRefusedButByRibcl() throws Exception {
    start();
    BmcClient byName = new BmcClient("localhost:" + bmc.port());
    opened.add(byName);

    assertEquals(400, byName.request("GET", "/").send().getStatus());
    assertEquals(400, byName.refusal("/wss/ircport"));
    ContentResponse ribcl = byName.request("POST", "/ribcl").send();
    assertEquals(200, ribcl.getStatus());
    assertEquals(2, ribcl.getContentAsString().split("<\\?xml").length - 1);

    start(Ilo5Quirk.STRICT_HOST);
    BmcClient lenient = new BmcClient("localhost:" + bmc.port());
    opened.add(lenient);
    assertEquals(200, lenient.request("GET", "/").send().getStatus());
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, https://gateway.example",
    "Origin, gateway.example",
    "Origin, null",
    "Referer, https://gateway.example/html/summary.html",
  })
  void anotherOriginIsRefused(String name, String value) throws Exception {
    start();
    assertEquals(403, with(client.request("GET", "/"), Map.of(name, value)).send().getStatus());

    start(Ilo5Quirk.STRICT_ORIGIN);
    assertEquals(200, with(client.request("GET", "/"), Map.of(name, value)).send().getStatus());
    assertFalse(bmc.recorder().violations().isEmpty());
  }

  @Test
  void theOwnOriginIsTaken() throws Exception {
    start();
    String own = "https://" + bmc.ownAuthority();

    ContentResponse answer =
        with(client.request("GET", "/"), Map.of("Origin", own, "Referer", own + "/x")).send();

    assertEquals(200, answer.getStatus());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void aChunkedBodyIsRefusedAndRecorded() throws Exception {
    start();
    String request =
        "POST /json/login_session HTTP/1.1\nHost: @HOST@\nTransfer-Encoding: chunked\n\n"
            + "2\n{}\n0\n\n";

    assertTrue(raw(request).startsWith("HTTP/1.1 411"));
    assertEquals(
        List.of("The body is chunked (POST /json/login_session)"), bmc.recorder().violations());
    start(Ilo5Quirk.REFUSE_CHUNKED);
    assertTrue(raw(request).startsWith("HTTP/1.1 400"));
  }

  @Test
  void anExpectationIsRefusedAndRecorded() throws Exception {
    start();
    String request =
        "POST /json/login_session HTTP/1.1\nHost: @HOST@\nExpect: 100-continue\n"
            + "Content-Length: 2\n\n";

    assertTrue(raw(request).startsWith("HTTP/1.1 417"));
    assertEquals(
        List.of("Forbidden header Expect (POST /json/login_session)"), bmc.recorder().violations());
    start(Ilo5Quirk.REFUSE_EXPECT);
    assertTrue(raw(request + "{}").startsWith("HTTP/1.1 400"));
  }

  @Test
  void aLongConnectionHeaderIsAViolation() throws Exception {
    start();
    String request = "GET / HTTP/1.1\nHost: @HOST@\nConnection: keep-alive, Upgrade\n\n";

    raw(request);

    assertEquals(
        List.of("Header Connection overruns its buffer: 19 bytes (GET /)"),
        bmc.recorder().violations());
    start(Ilo5Quirk.LONG_CONNECTION);
    raw(request);
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void theLoginPageIsToldAboutTheUnit() throws Exception {
    start();

    ContentResponse answer = client.request("GET", LOGIN).send();

    assertEquals("application/x-javascript", answer.getMediaType());
    JsonNode data = JSON.readTree(answer.getContent());
    assertEquals("iLO 5", data.at("/moniker/PRODGEN").asText());
    assertEquals("2.78", data.get("version").asText());
    assertEquals("ILO" + bmc.tag(), data.get("cn").asText());
    start(Ilo5Quirk.JSON_AS_SCRIPT);
    assertEquals("application/json", client.request("GET", LOGIN).send().getMediaType());
  }

  @Test
  void theJsonLoginSetsACookieThatScriptsCanRead() throws Exception {
    start();

    ContentResponse answer = jsonLogin(bmc.password()).send();

    assertEquals(200, answer.getStatus());
    String key = JSON.readTree(answer.getContent()).get("session_key").asText();
    assertTrue(key.matches("[0-9a-f]{32}"));
    assertEquals("sessionKey=" + key + "; Path=/; Secure", answer.getHeaders().get("Set-Cookie"));
    assertEquals(200, withCookie("GET", "/json/overview", key).send().getStatus());
  }

  @Test
  void someBuildsCallTheKeyOtherwise() throws Exception {
    start(Ilo5Simulator.builder().with(Ilo5Quirk.SHORT_KEY_NAME).cookieAttributes("; Secure"));

    ContentResponse answer = jsonLogin(bmc.password()).send();

    assertEquals(32, JSON.readTree(answer.getContent()).get("key").asText().length());
    assertTrue(answer.getHeaders().get("Set-Cookie").matches("sessionKey=[0-9a-f]{32}; Secure"));
  }

  @Test
  void afterAWrongPasswordLoginsAreDelayed() throws Exception {
    start(Ilo5Simulator.builder().loginDelay(2, Duration.ofSeconds(1)));

    ContentResponse first = jsonLogin("wrong").send();
    assertEquals(403, first.getStatus());
    assertEquals("JS_ERR_NO_PRIV", JSON.readTree(first.getContent()).get("message").asText());
    assertEquals(0, json(client.request("GET", LOGIN)).get("login_delay").asInt());
    assertEquals(401, redfishLogin("wrong").send().getStatus());

    assertEquals(1, json(client.request("GET", LOGIN)).get("login_delay").asInt());
    assertEquals(401, redfishLogin(bmc.password()).send().getStatus());
    Eventually.holds(
        "the delay is over",
        () -> {
          try {
            return json(client.request("GET", LOGIN)).get("login_delay").asInt() == 0;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    logIn();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/json/session_info",
        "/json/overview",
        "/json/health_summary",
        "/json/host_power",
        "/json/rc_info",
        "/json/vm_status"
      })
  void jsonNeedsTheCookie(String path) throws Exception {
    start();
    String key = logIn();

    ContentResponse without = client.request("GET", path).send();
    ContentResponse tokenOnly = withToken("GET", path, key).send();

    assertEquals(403, without.getStatus());
    assertEquals(
        "JS_ERR_LOST_SESSION", JSON.readTree(without.getContent()).get("message").asText());
    assertEquals(403, tokenOnly.getStatus());
    assertEquals(200, withCookie("GET", path, key).send().getStatus());
  }

  @Test
  void onlyTheFirst32CharactersOfAKeyCount() throws Exception {
    start();
    assertEquals(200, withCookie("GET", "/json/overview", logIn() + "suffix").send().getStatus());

    start(Ilo5Quirk.KEY_PREFIX);
    assertEquals(403, withCookie("GET", "/json/overview", logIn() + "suffix").send().getStatus());
  }

  @Test
  void aChangeCarriesTheKeyInTheBodyToo() throws Exception {
    start();
    String key = logIn();
    String other = logIn();
    String change =
        "{\"method\":\"set_host_power\",\"hostpwr_state\":\"OFF\",\"session_key\":\"%s\"}";

    assertEquals(403, power(key, change.formatted("")));
    assertEquals(403, power(key, change.formatted(other)));
    assertEquals(200, power(key, change.formatted(key)));
    assertEquals(
        "OFF", json(withCookie("GET", "/json/host_power", key)).get("hostpwr_state").asText());

    start(Ilo5Quirk.KEY_IN_BODY);
    assertEquals(200, power(logIn(), change.formatted("")));
  }

  private int power(String key, String body) throws Exception {
    return withCookie("POST", "/json/host_power", key)
        .body(new StringRequestContent("application/json", body))
        .send()
        .getStatus();
  }

  @Test
  void theSessionPoolFillsUpAndALogoutMakesRoom() throws Exception {
    start(Ilo5Simulator.builder().sessionPool(2));
    String key = logIn();
    logIn();

    assertEquals(503, redfishLogin(bmc.password()).send().getStatus());
    assertEquals(403, jsonLogin(bmc.password()).send().getStatus());
    String logout = "{\"method\":\"logout\",\"session_key\":\"" + key + "\"}";
    assertEquals(200, post(LOGIN, logout).send().getStatus());
    assertEquals(1, bmc.sessionsInUse());
    assertEquals(403, withCookie("GET", "/json/overview", key).send().getStatus());
    logIn();
  }

  @Test
  void eventsComeOneByOneAndEndWithTheSession() throws Exception {
    start(Ilo5Simulator.builder().eventInterval(Duration.ofMillis(150)));
    String key = logIn();
    assertEquals(403, client.request("GET", "/sse/ui").send().getStatus());
    long start = System.nanoTime();
    InputStreamResponseListener listener = new InputStreamResponseListener();
    withCookie("GET", "/sse/ui", key).send(listener);
    var headers = listener.get(10, TimeUnit.SECONDS).getHeaders();
    assertEquals("text/event-stream", headers.get("Content-Type"));
    assertNull(headers.get("Content-Length"));

    try (InputStream events = listener.getInputStream()) {
      String seen = "";
      while (!seen.contains("id: 2")) {
        seen += (char) events.read();
      }
      assertTrue(System.nanoTime() - start > Duration.ofMillis(200).toNanos());
      post(LOGIN, "{\"method\":\"logout\",\"session_key\":\"" + key + "\"}").send();
      events.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Test
  void theThumbnailIsABitmapForWhoeverHasTheCookie() throws Exception {
    start();
    String path = "/images/thumbnail.bmp";

    assertEquals(403, client.request("GET", path).send().getStatus());
    ContentResponse answer = withCookie("GET", path, logIn()).send();

    assertEquals("image/bmp", answer.getMediaType());
    assertEquals(256, ImageIO.read(new ByteArrayInputStream(answer.getContent())).getWidth());
  }

  @Test
  void theInventoryIsOpenUnlessSwitchedOff() throws Exception {
    start();
    for (String item : List.of("all", "CpqKey")) {
      String xml = client.request("GET", "/xmldata?item=" + item).send().getContentAsString();
      assertTrue(xml.contains("<PN>Integrated Lights-Out 5 (iLO 5)</PN>"));
    }
    assertEquals(404, client.request("GET", "/xmldata").send().getStatus());

    start(Ilo5Simulator.builder().with(Ilo5Quirk.NO_XMLDATA));
    assertEquals(404, client.request("GET", "/xmldata?item=all").send().getStatus());
  }

  @Test
  void theNetConsoleIsSentToPlainHttpWithItsKey() throws Exception {
    start();
    String key = logIn();

    ContentResponse first = withCookie("GET", "/html/IRC.application?a=1", key).send();

    assertEquals(302, first.getStatus());
    assertEquals(
        "http://%s/html/IRC.application?a=1&sessionKey=%s".formatted(bmc.ownAuthority(), key),
        first.getHeaders().get("Location"));
    ContentResponse second =
        withCookie("GET", "/html/IRC.application?a=1&sessionKey=" + key, key).send();
    assertEquals("application/x-ms-application", second.getMediaType());
    start(Ilo5Quirk.HTTP_DOWNGRADE);
    assertEquals(200, client.request("GET", "/html/IRC.application").send().getStatus());
  }

  @Test
  void someBuildsHideTheApplicationPageAtTheTop() throws Exception {
    start(Ilo5Simulator.builder().with(Ilo5Quirk.NO_TOP_APPLICATION));
    String path = "/html/application.html";

    assertEquals(
        404,
        with(client.request("GET", path), Map.of("Sec-Fetch-Dest", "document")).send().getStatus());
    assertEquals(
        200,
        with(client.request("GET", path), Map.of("Sec-Fetch-Dest", "iframe")).send().getStatus());
  }

  @Test
  void anotherUnitsCookieOrKeyIsAViolation() throws Exception {
    start();
    String foreign = "0123456789abcdef0123456789abcdef";

    withCookie("GET", "/", foreign).send();
    withToken("GET", SYSTEM, foreign).send();
    with(client.request("GET", "/"), Map.of("Cookie", "sessionLang=en; -http-session-=1")).send();

    assertEquals(
        List.of(
            "A session key that this unit never gave out (GET /)",
            "A session key that this unit never gave out (GET " + SYSTEM + ")",
            "A cookie that no page of this unit sets: -http-session- (GET /)"),
        bmc.recorder().violations());

    start(Ilo5Quirk.FOREIGN_COOKIES, Ilo5Quirk.FOREIGN_KEYS);
    withCookie("GET", "/", foreign + "; QSESSIONID=1").send();
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Cookie: irc=b; pm-session=x | The gateway's session cookie is in header Cookie",
        "accept: */* | Header name in lower case: accept",
        "X-Forwarded-For: 1.2.3.4 | Forbidden header X-Forwarded-For",
        "Via: 1.1 x | Forbidden header Via",
      })
  void whatNoGatewayMaySendIsAViolation(String header, String violation) throws Exception {
    start(Ilo5Quirk.FOREIGN_COOKIES);

    raw("GET / HTTP/1.1\nHost: @HOST@\n" + header + "\n\n");

    assertEquals(List.of(violation + " (GET /)"), bmc.recorder().violations());
  }

  @Test
  void tooManyConnectionsAreAViolation() throws Exception {
    start(Ilo5Simulator.builder().maxConnections(2));
    for (int i = 0; i < 3; i++) {
      RawConnection raw = new RawConnection("127.0.0.1", bmc.port());
      opened.add(raw);
      raw.send("GET / HTTP/1.1\nHost: %s\n\n".formatted(bmc.ownAuthority()));
      raw.receive();
    }

    assertEquals(List.of("3 connections at a time"), bmc.recorder().violations());
  }

  @Test
  void theCertificateNamesTheUnitAndNoAddress() throws Exception {
    start(Ilo5Simulator.builder().tag("CZ42"));
    var certificate = TestCertificates.certificate(bmc.keyStore());

    assertTrue(
        certificate
            .getIssuerX500Principal()
            .getName()
            .contains("CN=Default Issuer (Do not trust)"));
    assertTrue(certificate.getSubjectX500Principal().getName().contains("CN=ILOCZ42"));
    assertEquals(
        List.of(List.of(2, "ILOCZ42")),
        certificate.getSubjectAlternativeNames().stream().map(List::copyOf).toList());
  }

  @Test
  void tlsIsOldButNotTooOld() throws Exception {
    start(Ilo5Simulator.builder().with(Ilo5Quirk.CNSA_SUITES));
    try (SSLSocket socket = tlsSocket()) {
      socket.startHandshake();
      assertEquals("TLSv1.2", socket.getSession().getProtocol());
      assertEquals("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", socket.getSession().getCipherSuite());
      assertEquals("", socket.getApplicationProtocol());
    }
    try (SSLSocket socket = tlsSocket()) {
      socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
      assertThrows(SSLHandshakeException.class, socket::startHandshake);
    }
  }

  private SSLSocket tlsSocket() throws IOException {
    return (SSLSocket)
        TestCertificates.trustEverything().getSocketFactory().createSocket("127.0.0.1", bmc.port());
  }

  @Test
  void aResetLosesSessionsAndRefusesConnectionsForAWhile() throws Exception {
    start(Ilo5Simulator.builder().resetTime(Duration.ofSeconds(2)));
    String key = logIn();
    TestViewer viewer = viewer(key);
    viewer.greet(key);
    String reset = "{\"method\":\"reset_ilo\",\"cause\":\"config\",\"session_key\":\"%s\"}";

    assertEquals(200, power(key, reset.formatted(key)));

    assertEquals(1000, viewer.socket().awaitClose());
    Eventually.holds("refused", () -> !isUp());
    Eventually.holds("back", this::isUp);
    assertEquals(0, bmc.sessionsInUse());
    assertEquals(403, withCookie("GET", "/json/overview", key).send().getStatus());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  private boolean isUp() {
    try (SSLSocket socket = tlsSocket()) {
      socket.startHandshake();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void anIpv6UnitWritesItsAddressInBrackets() throws Exception {
    start(Ilo5Simulator.builder().host("::1"));

    assertEquals("[::1]:" + bmc.port(), bmc.ownAuthority());
    assertNotNull(logIn());
  }

  @Test
  void answersTakeTheirTimeIfTold() throws Exception {
    start(Ilo5Simulator.builder().latency(Duration.ofMillis(300), Duration.ofMillis(400)));
    long start = System.nanoTime();

    client.request("GET", "/").send();

    assertTrue(System.nanoTime() - start >= Duration.ofMillis(300).toNanos());
  }
}
