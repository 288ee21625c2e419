package io.github.bmcgateway.entry;

import static io.github.bmcgateway.entry.EntryFixture.START;
import static io.github.bmcgateway.entry.EntryFixture.cookies;
import static io.github.bmcgateway.entry.EntryFixture.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.TestProfiles;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.token.TestTokens;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything under {@code /.gateway/}. */
class OwnUrlsTest {
  private static final String HTML = "Accept: text/html,*/*;q=0.8\r\n";

  private EntryFixture gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = new EntryFixture();
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
  }

  @Test
  void healthIsForAnybody() throws Exception {
    Answer answer = gateway.get("/.gateway/health", "");
    assertEquals(200, answer.status());
    assertEquals("{\"status\":\"ok\"}", answer.text());
    assertEquals(List.of("no-store"), answer.values("Cache-Control"));
    assertEquals(200, gateway.request("HEAD", "/.gateway/health", "").status());
  }

  @Test
  void readinessTellsWhatIsMissing() throws Exception {
    Answer ready = gateway.get("/.gateway/ready", "");
    assertEquals(200, ready.status());
    assertTrue(ready.text().contains("\"missing\":[]"));
    gateway.missing.add("the container has no \"WebSocket\" support");
    Answer lacking = gateway.get("/.gateway/ready", "Cookie: pm-session=x\r\n");
    assertEquals(503, lacking.status());
    assertTrue(
        lacking
            .text()
            .contains("\"missing\":[\"the container has no \\\"WebSocket\\\" support\"]"));
    assertEquals(200, gateway.get("/.gateway/health", "").status());
  }

  @Test
  void theSessionIsTold() throws Exception {
    Answer answer = gateway.get("/.gateway/session", token("::ffff:10.0.0.5"));
    assertEquals(200, answer.status());
    assertEquals(List.of("application/json"), answer.values("Content-Type"));
    assertEquals(
        "{\"ip\":\"10.0.0.5\",\"vendor\":\"generic\",\"expires\":\"2026-11-21T12:30:00Z\","
            + "\"scope\":null}",
        answer.text());
    assertTrue(gateway.arrived.isEmpty());
  }

  @Test
  void aVendorThatWasFoundOutIsShown() throws Exception {
    TestTokens token = token("10.0.0.5");
    assertTrue(gateway.get("/.gateway/", cookies(token) + HTML).text().contains("not yet known"));
    gateway.detected.put(
        new BmcAddress(InetAddress.getByName("10.0.0.5"), 443, Optional.empty()),
        TestProfiles.plain("acme", "Acme"));
    String page = gateway.get("/.gateway/", cookies(token) + HTML).text();
    assertTrue(page.contains("<dd>Acme</dd>"), page);
    assertTrue(gateway.get("/.gateway/session", token).text().contains("\"vendor\":\"acme\""));
  }

  @Test
  void theHomePageShowsTheSessionAndItsEnd() throws Exception {
    TestTokens token =
        token("10.0.0.5").claim("host", "bmc-7.lab").claim("port", 8443).claim("vendor", "idrac9");
    Answer answer = gateway.get("/.gateway/", cookies(token) + HTML);
    assertEquals(200, answer.status());
    assertEquals(List.of("text/html;charset=utf-8"), answer.values("Content-Type"));
    String page = answer.text();
    assertTrue(page.contains("<dd>bmc-7.lab</dd>"));
    assertTrue(page.contains("<dd>10.0.0.5:8443</dd>"));
    assertTrue(page.contains("<dd>The &lt;idrac9&gt; &amp; co</dd>"));
    assertTrue(
        page.contains(
            "<time datetime=\"2026-11-21T12:30:00Z\">21 November 2026, 12:30:00 UTC</time>, in\n"
                + "<span role=\"timer\" aria-label=\"Time left\" data-seconds=\"1800\">30 minutes"));
    assertTrue(page.contains("<form method=\"post\" action=\"/.gateway/logout\">"));
    assertRunsItsOwnScriptOnly(answer);
    assertTrue(gateway.arrived.isEmpty());
  }

  private static void assertRunsItsOwnScriptOnly(Answer answer) throws Exception {
    String page = answer.text();
    String script =
        page.substring(page.indexOf("<script>") + "<script>".length(), page.indexOf("</script>"));
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(UTF_8));
    String policy = answer.values("Content-Security-Policy").get(0);
    assertTrue(policy.startsWith("default-src 'none'; "), policy);
    assertTrue(
        policy.endsWith("; script-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'"),
        policy);
    assertEquals(page.indexOf("<script"), page.lastIndexOf("<script"));
  }

  @Test
  void aHeadOfAPageHasNoBody() throws Exception {
    try (var client = gateway.client()) {
      Answer head = client.request("HEAD", "/.gateway/", cookies(token("10.0.0.5")) + HTML);
      assertEquals(200, head.status());
      assertTrue(head.has("Content-Length"));
      assertEquals(200, client.get("/.gateway/health", "").status());
      assertEquals(401, client.request("HEAD", "/", HTML).status());
      assertEquals(200, client.get("/.gateway/health", "").status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/.gateway/x", "/.gateway/metrics", "/.gateway/health/", "/.gateway/a%20b"})
  void whatIsUnknownIsNotFound(String path) throws Exception {
    Answer answer = gateway.get(path, token("10.0.0.5"));
    assertTrue(answer.status() == 404 || path.contains("%") && answer.status() == 400);
    assertTrue(gateway.arrived.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "/.gateway/, POST, 'GET, HEAD'",
    "/.gateway/session, DELETE, 'GET, HEAD'",
    "/.gateway/session, HEA, 'GET, HEAD'",
    "/.gateway/health, POST, 'GET, HEAD'",
    "/.gateway/ready, PUT, 'GET, HEAD'",
    "/.gateway/logout, GET, POST",
    "/.gateway/logout, HEAD, POST"
  })
  void aMethodThatMeansNothingHereIsNotAllowed(String path, String method, String allowed)
      throws Exception {
    Answer answer =
        gateway.request(method, path, cookies(token("10.0.0.5")) + "Content-Length: 0\r\n");
    assertEquals(405, answer.status());
    assertEquals(List.of(allowed), answer.values("Allow"));
    assertFalse(answer.has("Set-Cookie"));
  }

  @Test
  void logoutClearsTheBrowserAndEndsTheSession() throws Exception {
    List<String> ended = new ArrayList<>();
    TestTokens token = token("10.0.0.5");
    gateway.get("/", token);
    LiveSession session = gateway.arrived.remove().session();
    assertTrue(session.register(Kind.CONSOLE, end -> ended.add("console " + end)).isPresent());
    assertTrue(session.register(Kind.REQUEST, end -> ended.add("request " + end)).isPresent());

    Answer answer =
        gateway.form(
            "/.gateway/logout",
            "",
            "Cookie: lang=en; pm-session="
                + token.build()
                + "\r\nSec-Fetch-Site: same-origin\r\nOrigin: https://localhost\r\n"
                + HTML);
    assertEquals(200, answer.status());
    assertTrue(answer.text().contains("<h1>You are logged out</h1>"));
    assertEquals(List.of("\"cache\", \"storage\""), answer.values("Clear-Site-Data"));
    assertEquals(
        List.of(
            "lang=; Path=/; Secure; Max-Age=0",
            "-http-session-=; Path=/; Secure; Max-Age=0",
            "sessionKey=; Path=/; Secure; Max-Age=0",
            "pm-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0",
            "pm-session-live=; Path=/; HttpOnly; SameSite=None; Secure; Max-Age=0"),
        answer.values("Set-Cookie"));
    assertEquals(List.of("console LOGGED_OUT", "request LOGGED_OUT"), ended);

    assertEquals(401, gateway.get("/", token).status());
    Answer again = gateway.get("/gpsession?token=" + token.build(), "");
    assertEquals(401, again.status());
    assertTrue(again.text().contains("invalid_token"));
    assertFalse(again.has("Set-Cookie"));
    assertTrue(session.register(Kind.CONSOLE, end -> {}).isEmpty());
    assertEquals(200, gateway.get("/", token("10.0.0.5").claim("jti", "2")).status());
  }

  @Test
  void logoutEndsEveryTokenThatTheBrowserHolds() throws Exception {
    TestTokens one = token("10.0.0.5").claim("jti", "1");
    TestTokens two = token("10.0.0.5").claim("jti", "2");
    assertEquals(200, gateway.form("/.gateway/logout", "", cookies(one, two)).status());
    assertEquals(401, gateway.get("/", one).status());
    assertEquals(401, gateway.get("/", two).status());
  }

  @Test
  void aProgramThatLogsOutGetsJson() throws Exception {
    Answer answer = gateway.form("/.gateway/logout", "", cookies(token("10.0.0.5")));
    assertEquals("{\"status\":\"logged out\"}", answer.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nAccept: text/html\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n"
      })
  void nobodyElseLogsAUserOut(String foreign) throws Exception {
    TestTokens token = token("10.0.0.5");
    Answer answer = gateway.form("/.gateway/logout", "", cookies(token) + foreign);
    assertEquals(403, answer.status());
    assertFalse(answer.has("Set-Cookie"));
    assertEquals(200, gateway.get("/", token).status());
  }

  @Test
  void withoutASessionThereIsNothingToLogOutOf() throws Exception {
    assertEquals(401, gateway.form("/.gateway/logout", "", "").status());
    gateway.time.advanceTo(START.plusSeconds(1800));
    Answer answer = gateway.form("/.gateway/logout", "", cookies(token("10.0.0.5")));
    assertTrue(answer.text().contains("expired_token"));
  }

  @Test
  void anotherSitesPageReadsNothing() throws Exception {
    String image = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n";
    assertEquals(
        403, gateway.get("/.gateway/session", cookies(token("10.0.0.5")) + image).status());
  }
}
