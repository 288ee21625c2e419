package io.github.bmcgateway.entry;

import static io.github.bmcgateway.entry.EntryFixture.START;
import static io.github.bmcgateway.entry.EntryFixture.cookies;
import static io.github.bmcgateway.entry.EntryFixture.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.token.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that work once. */
class OnceLinkTest {
  private static final String OWN_FORM =
      "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nOrigin: https://localhost\r\n";

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
  void aLinkThatWorksOnceAsksFirst() throws Exception {
    TestTokens token = once("10.0.0.5").claim("vendor", "idrac9");
    Answer page = open(token);
    assertAsks(page);
    assertTrue(page.text().contains("<form method=\"post\" action=\"/gpsession\">"));
    assertTrue(page.text().contains("name=\"token\" value=\"" + token.build() + "\""));
    assertTrue(page.text().contains("<dd>10.0.0.5</dd>"));
    assertTrue(page.text().contains("<dd>The &lt;idrac9&gt; &amp; co</dd>"));
    assertFalse(page.text().contains("Cancel"));
  }

  @Test
  void onlyTheOwnFormOpensIt() throws Exception {
    TestTokens token = once("10.0.0.5");
    Answer opened = confirm(token, "");
    assertEquals(302, opened.status());
    assertEquals(List.of("/"), opened.values("Location"));
    assertEquals(List.of("no-referrer"), opened.values("Referrer-Policy"));
    assertEquals(List.of("\"cache\", \"storage\""), opened.values("Clear-Site-Data"));
    assertEquals(200, gateway.get("/", session(opened)).status());
    assertEquals(1, gateway.arrived.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "User-Agent: Slackbot-LinkExpanding 1.0\r\n",
        "Sec-Purpose: prefetch\r\n",
        "Sec-Purpose: prefetch;prerender\r\n",
        "Purpose: prefetch\r\n",
        "Sec-Fetch-Site: same-origin\r\nOrigin: https://localhost\r\n"
      })
  void lookingAtItDoesNotUseItUp(String headers) throws Exception {
    TestTokens token = once("10.0.0.5");
    for (String method : List.of("GET", "HEAD")) {
      assertAsks(gateway.request(method, "/gpsession?token=" + token.build(), headers));
    }
    assertEquals(302, confirm(token, "").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site\r\nOrigin: https://evil.example\r\n",
        "Sec-Fetch-Site: same-site\r\nOrigin: https://portal.localhost\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n"
      })
  void theFormOfAnotherSiteIsAskedForToo(String foreign) throws Exception {
    TestTokens token = once("10.0.0.5");
    assertAsks(gateway.form("/gpsession", "token=" + token.build(), foreign));
    assertEquals(302, confirm(token, "").status());
  }

  @Test
  void aSecondUseOpensNothingAnywhereButTheFirstBrowserGoesOn() throws Exception {
    TestTokens token = once("10.0.0.5");
    String session = session(confirm(token, ""));
    for (String headers : List.of("", session)) {
      assertUsed(confirm(token, headers));
      assertUsed(gateway.get("/gpsession?token=" + token.build(), headers));
    }
    assertEquals(200, gateway.get("/", session).status());
    assertEquals(200, gateway.get("/.gateway/session", session).status());
    gateway.time.advanceTo(START.plusSeconds(1800));
    assertEquals(401, gateway.get("/", session).status());
  }

  @Test
  void eachTokenIsALinkOfItsOwn() throws Exception {
    TestTokens token = once("10.0.0.5");
    confirm(token, "");
    assertUsed(confirm(once("10.0.0.5"), ""));
    assertEquals(302, confirm(once("10.0.0.5").claim("jti", "2"), "").status());
  }

  @Test
  void theTokenAloneIsNoSession() throws Exception {
    TestTokens token = once("10.0.0.5");
    assertEquals(401, gateway.get("/", token).status());
    String proven = session(confirm(token, ""));
    assertEquals(401, gateway.get("/", token).status());
    assertEquals(401, gateway.get("/.gateway/session", token).status());
    String forged = proven.replaceFirst(".\r\n$", "!\r\n");
    assertEquals(401, gateway.get("/", forged).status());
    assertEquals(
        400, gateway.get("/", proven.trim() + "; pm-session=" + token.build() + "\r\n").status());
    assertTrue(gateway.arrived.isEmpty());
  }

  @Test
  void aProofIsOfNoUseForAnotherToken() throws Exception {
    String proven = session(confirm(once("10.0.0.5"), "")).trim();
    String proof = proven.substring(proven.lastIndexOf('.'));
    TestTokens other = once("10.0.0.6");
    assertEquals(
        401, gateway.get("/", "Cookie: pm-session=" + other.build() + proof + "\r\n").status());
    assertEquals(
        401,
        gateway
            .get("/", "Cookie: pm-session=" + token("10.0.0.5").build() + proof + "\r\n")
            .status());
  }

  @Test
  void theTokenAloneMovesNobodysConsoles() throws Exception {
    List<String> ended = new ArrayList<>();
    TestTokens token = once("10.0.0.5");
    gateway.get("/", session(confirm(token, "")));
    LiveSession session = gateway.arrived.remove().session();
    assertTrue(session.register(Kind.CONSOLE, end -> ended.add("console " + end)).isPresent());
    TestTokens longer = TestTokens.token("10.0.0.5", START.plusSeconds(3600));
    gateway.get("/gpsession?token=" + longer.build(), cookies(token));
    gateway.time.advanceTo(START.plusSeconds(1800));
    assertEquals(List.of("console EXPIRED"), ended);
  }

  @Test
  void aLinkThatWorksOnceRenewsASession() throws Exception {
    List<String> ended = new ArrayList<>();
    String first = session(confirm(once("10.0.0.5"), ""));
    gateway.get("/", first);
    LiveSession session = gateway.arrived.remove().session();
    assertTrue(session.register(Kind.CONSOLE, end -> ended.add("console " + end)).isPresent());
    TestTokens later = TestTokens.token("10.0.0.5", START.plusSeconds(3600)).claim("once", true);
    assertAsks(gateway.get("/gpsession?token=" + later.build(), first));
    Answer renewed = confirm(later, first);
    assertFalse(renewed.has("Clear-Site-Data"));
    gateway.time.advanceTo(START.plusSeconds(3599));
    assertEquals(List.of(), ended);
    assertTrue(
        gateway
            .get("/.gateway/session", session(renewed))
            .text()
            .contains("\"expires\":\"2026-11-21T13:00:00Z\""));
    gateway.time.advanceTo(START.plusSeconds(3600));
    assertEquals(List.of("console EXPIRED"), ended);
  }

  @Test
  void loggingOutEndsItLikeAnyOther() throws Exception {
    String session = session(confirm(once("10.0.0.5"), ""));
    assertEquals(200, gateway.form("/.gateway/logout", "", session).status());
    assertEquals(401, gateway.get("/", session).status());
  }

  @Test
  void whenNoMoreUsesCanBeRememberedNoneIsGranted() throws Exception {
    for (int i = 0; i < EntryFixture.MAX_USED_LINKS; i++) {
      assertEquals(302, confirm(once("10.0.0.5").claim("jti", "" + i), "").status());
    }
    Answer full = confirm(once("10.0.0.6"), "");
    assertEquals(503, full.status());
    assertTrue(full.has("Retry-After"));
    assertFalse(full.has("Set-Cookie"));
    assertEquals(503, open(once("10.0.0.6")).status());
    assertUsed(confirm(once("10.0.0.5").claim("jti", "0"), ""));
    assertEquals(302, gateway.get("/gpsession?token=" + token("10.0.0.6").build(), "").status());
  }

  @Test
  void whatIsKnownOfALinkMayComeLater() throws Exception {
    TestTokens token = once("10.0.0.5");
    gateway.used.gate = new CompletableFuture<>();
    try (RawClient looking = gateway.client();
        RawClient opening = gateway.client()) {
      looking.send(
          "GET /gpsession?token=" + token.build() + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      String form = "token=" + token.build();
      opening.send(
          "POST /gpsession HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + form.length()
              + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
              + form);
      Eventually.holds("both asked", () -> gateway.used.asked.get() == 2);
      gateway.used.gate.complete(null);
      int looked = looking.answer().status();
      assertTrue(looked == 200 || looked == 401, "" + looked);
      assertEquals(302, opening.answer().status());
    }
  }

  @Test
  void aStoreThatFailsOpensNothing() throws Exception {
    gateway.used.gate = CompletableFuture.failedFuture(new IllegalStateException("planted"));
    assertEquals(503, confirm(once("10.0.0.5"), "").status());
    assertEquals(503, open(once("10.0.0.5")).status());
  }

  private static TestTokens once(String ip) {
    return token(ip).claim("once", true);
  }

  private Answer open(TestTokens token) throws Exception {
    return gateway.get("/gpsession?token=" + token.build(), "");
  }

  private Answer confirm(TestTokens token, String headers) throws Exception {
    return gateway.form("/gpsession", "token=" + token.build(), OWN_FORM + headers);
  }

  /** The header line with which the browser comes back. */
  private static String session(Answer answer) {
    return "Cookie: "
        + answer.values("Set-Cookie").stream()
            .filter(value -> value.startsWith("pm-session="))
            .map(value -> value.substring(0, value.indexOf(';')))
            .findFirst()
            .orElseThrow()
        + "\r\n";
  }

  private static void assertAsks(Answer page) {
    assertEquals(200, page.status());
    assertEquals(List.of("same-origin"), page.values("Referrer-Policy"));
    assertEquals(List.of("no-store"), page.values("Cache-Control"));
    String policy = page.values("Content-Security-Policy").get(0);
    assertTrue(policy.startsWith("default-src 'none'; "), policy);
    assertTrue(policy.contains("; form-action 'self'; "), policy);
    assertTrue(policy.contains("frame-ancestors 'none'"), policy);
    assertFalse(policy.contains("script"), policy);
    assertFalse(page.has("Set-Cookie"));
    assertFalse(page.has("Clear-Site-Data"));
  }

  private static void assertUsed(Answer answer) {
    assertEquals(401, answer.status());
    assertTrue(answer.text().startsWith("{\"error\":\"invalid_token\""), answer.text());
    assertTrue(answer.text().contains("used already"), answer.text());
    assertFalse(answer.has("Set-Cookie"));
  }
}
