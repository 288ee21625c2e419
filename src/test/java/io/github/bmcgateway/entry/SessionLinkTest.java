package io.github.bmcgateway.entry;

import static io.github.bmcgateway.entry.EntryFixture.START;
import static io.github.bmcgateway.entry.EntryFixture.cookies;
import static io.github.bmcgateway.entry.EntryFixture.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.token.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's section on sessions, as far as the link goes. */
class SessionLinkTest {
  private static final String SWITCHED = "\"cache\", \"storage\"";

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
  void aLinkOpensASession() throws Exception {
    String token = token("10.0.0.5").build();
    Answer answer = gateway.get("/gpsession?token=" + token, "");
    assertOpened(answer, token);
    assertEquals(List.of(SWITCHED), answer.values("Clear-Site-Data"));
    assertTrue(gateway.arrived.isEmpty());
  }

  @Test
  void aFormOpensASession() throws Exception {
    String token = token("10.0.0.5").build();
    assertOpened(gateway.form("/gpsession", "other=1&token=" + token, ""), token);
  }

  @Test
  void headIsTreatedAsGet() throws Exception {
    String token = token("10.0.0.5").build();
    assertOpened(gateway.request("HEAD", "/gpsession?token=" + token, ""), token);
  }

  @Test
  void aLinkIsFollowedFromAnotherSite() throws Exception {
    String token = token("10.0.0.5").build();
    String crossSite = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n";
    assertOpened(gateway.get("/gpsession?token=" + token, crossSite), token);
    assertOpened(
        gateway.form(
            "/gpsession", "token=" + token, crossSite + "Origin: https://portal.example\r\n"),
        token);
    assertOpened(gateway.form("/gpsession", "token=" + token, "Origin: null\r\n"), token);
  }

  @Test
  void atASwitchEveryCookieThatTheBrowserSentIsExpired() throws Exception {
    Answer answer =
        gateway.get(
            "/gpsession?token=" + token("10.0.0.6").build(),
            "Cookie: -http-session-=::a; lang=en; pm-session="
                + token("10.0.0.5").build()
                + "; odd name=1; loose\r\n");
    assertEquals(List.of(SWITCHED), answer.values("Clear-Site-Data"));
    assertEquals(
        List.of(
            "-http-session-=; Path=/; Secure; Max-Age=0",
            "lang=; Path=/; Secure; Max-Age=0",
            "odd name=; Path=/; Secure; Max-Age=0",
            "x; Path=/; Secure; Max-Age=0",
            "sessionKey=; Path=/; Secure; Max-Age=0"),
        expirations(answer));
    assertTrue(opening(answer).startsWith("pm-session=ey"));
  }

  static Stream<Arguments> sameBmc() {
    TestTokens plain = token("10.0.0.5");
    return Stream.of(
        Arguments.of("the same token", plain, plain),
        Arguments.of("another token", plain, token("10.0.0.5").claim("jti", "2")),
        Arguments.of("another spelling", plain, token("::ffff:10.0.0.5").claim("port", 443)),
        Arguments.of("another vendor claim", plain, token("10.0.0.5").claim("vendor", "idrac9")),
        Arguments.of(
            "an expired cookie",
            TestTokens.token("10.0.0.5", START.minusSeconds(60)),
            token("10.0.0.5")),
        Arguments.of(
            "host and port",
            token("10.0.0.5").claim("host", "bmc").claim("port", 8443),
            token("10.0.0.5").claim("host", "bmc").claim("port", 8443).claim("jti", "2")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sameBmc")
  void aNewLinkForTheSameBmcLeavesTheBrowserAlone(String what, TestTokens cookie, TestTokens linked)
      throws Exception {
    Answer answer = link(linked, cookies(cookie));
    assertFalse(answer.has("Clear-Site-Data"));
    assertEquals(List.of(), expirations(answer));
    assertTrue(opening(answer).startsWith("pm-session=" + linked.build()));
  }

  static Stream<Arguments> otherBmc() {
    TestTokens linked = token("10.0.0.5");
    return Stream.of(
        Arguments.of("no cookie", ""),
        Arguments.of("another address", cookies(token("10.0.0.6"))),
        Arguments.of("another port", cookies(token("10.0.0.5").claim("port", 8443))),
        Arguments.of("another host", cookies(token("10.0.0.5").claim("host", "bmc"))),
        Arguments.of("a forged cookie", cookies(token("10.0.0.5").key("x".repeat(32)))),
        Arguments.of("an unsigned cookie", "Cookie: pm-session=10.0.0.5\r\n"),
        Arguments.of("one of two is another", cookies(linked, token("10.0.0.6"))),
        Arguments.of(
            "one of two is forged", cookies(linked, token("10.0.0.5").key("x".repeat(32)))),
        Arguments.of("an expired cookie of another", cookies(TestTokens.token("10.0.0.6", START))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherBmc")
  void anythingElseIsASwitch(String what, String cookies) throws Exception {
    Answer answer = link(token("10.0.0.5"), cookies);
    assertEquals(List.of(SWITCHED), answer.values("Clear-Site-Data"));
    assertTrue(
        expirations(answer)
            .containsAll(
                List.of(
                    "-http-session-=; Path=/; Secure; Max-Age=0",
                    "sessionKey=; Path=/; Secure; Max-Age=0")));
  }

  static Stream<Arguments> badTokens() {
    TestTokens good = token("10.0.0.5");
    return Stream.of(
        Arguments.of("forged", token("10.0.0.5").key("x".repeat(32)).build(), 401, "invalid_token"),
        Arguments.of(
            "none",
            good.build().replaceFirst("^[^.]+", "eyJhbGciOiJub25lIn0"),
            401,
            "invalid_token"),
        Arguments.of("garbage", "garbage", 401, "invalid_token"),
        Arguments.of("empty", "", 401, "invalid_token"),
        Arguments.of("huge", "a".repeat(15_000), 401, "invalid_token"),
        Arguments.of("expired", TestTokens.token("10.0.0.5", START).build(), 401, "expired_token"),
        Arguments.of("a name", token("bmc.example.com").build(), 401, "invalid_token"),
        Arguments.of(
            "unknown vendor",
            token("10.0.0.5").claim("vendor", "acme").build(),
            401,
            "invalid_token"),
        Arguments.of(
            "another audience",
            token("10.0.0.5").claim("aud", "pm.example.com").build(),
            401,
            "invalid_token"),
        Arguments.of("another network", token("11.0.0.5").build(), 403, "target_denied"),
        Arguments.of("loopback", token("127.0.0.1").build(), 403, "target_denied"),
        Arguments.of(
            "another port", token("10.0.0.5").claim("port", 22).build(), 403, "target_denied"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void aBadTokenSetsNothing(String what, String token, int status, String code) throws Exception {
    String held = cookies(token("10.0.0.6"));
    for (Answer answer :
        List.of(
            gateway.get("/gpsession?token=" + token, held),
            gateway.form("/gpsession", "token=" + token, held))) {
      assertRefused(answer, status, code);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "?tokens=1", "?token=a&token=a", "?x=token"})
  void aLinkHasExactlyOneToken(String query) throws Exception {
    assertRefused(gateway.get("/gpsession" + query, ""), 400, "bad_request");
    assertRefused(gateway.form("/gpsession" + query, "", ""), 400, "bad_request");
  }

  @Test
  void aTokenInQueryAndFormIsAmbiguous() throws Exception {
    String token = token("10.0.0.5").build();
    assertRefused(
        gateway.form("/gpsession?token=" + token, "token=" + token, ""), 400, "bad_request");
  }

  @Test
  void aTokenInTheQueryOfAPostIsATokenToo() throws Exception {
    String token = token("10.0.0.5").build();
    assertOpened(gateway.form("/gpsession?token=" + token, "", ""), token);
  }

  @Test
  void aFormHasToBeOne() throws Exception {
    String body = "{\"token\":\"x\"}";
    Answer answer =
        gateway.request(
            "POST",
            "/gpsession",
            "Content-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\nConnection: close\r\n\r\n"
                + body);
    assertRefused(answer, 400, "bad_request");
  }

  @Test
  void aFormTooLongIsRefused() throws Exception {
    assertRefused(gateway.form("/gpsession", "token=" + "a".repeat(20_000), ""), 413, "too_large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS"})
  void otherMethodsAreNotAllowed(String method) throws Exception {
    Answer answer = gateway.request(method, "/gpsession?token=x", "Content-Length: 0\r\n");
    assertRefused(answer, 405, "method_not_allowed");
    assertEquals(List.of("GET, HEAD, POST"), answer.values("Allow"));
  }

  @Test
  void theAudienceIsThePublicHost() throws Exception {
    assertEquals(302, link(token("10.0.0.5").claim("aud", "localhost"), "").status());
    assertEquals(302, link(token("10.0.0.5").claim("aud", "LOCALHOST:443"), "").status());
    assertEquals(
        302,
        link(token("10.0.0.5").claim("aud", List.of("pm.example.com", "localhost")), "").status());
    assertEquals(401, link(token("10.0.0.5").claim("aud", "localhost:8443"), "").status());
    assertEquals(401, link(token("10.0.0.5").claim("aud", "https://localhost"), "").status());
    assertEquals(401, link(token("10.0.0.5").claim("aud", ""), "").status());
  }

  @Test
  void aNewLinkMovesTheBrowsersConsolesToTheLaterExpiry() throws Exception {
    List<String> ended = new ArrayList<>();
    TestTokens first = token("10.0.0.5");
    gateway.get("/", first);
    LiveSession session = gateway.arrived.remove().session();
    assertTrue(session.register(Kind.CONSOLE, end -> ended.add("console " + end)).isPresent());
    TestTokens second = TestTokens.token("10.0.0.5", START.plusSeconds(3600));
    link(second, cookies(first));
    gateway.time.advanceTo(START.plusSeconds(3599));
    assertEquals(List.of(), ended);
    gateway.time.advanceTo(START.plusSeconds(3600));
    assertEquals(List.of("console EXPIRED"), ended);
  }

  @Test
  void aFormMovesTheConsolesOfEveryCookieAndShortensNone() throws Exception {
    List<String> ended = new ArrayList<>();
    TestTokens first = token("10.0.0.5");
    TestTokens second = TestTokens.token("10.0.0.5", START.plusSeconds(3600));
    for (TestTokens each : List.of(first, second)) {
      gateway.get("/", each);
      LiveSession session = gateway.arrived.remove().session();
      assertTrue(session.register(Kind.CONSOLE, end -> ended.add("console " + end)).isPresent());
    }
    TestTokens third = TestTokens.token("10.0.0.5", START.plusSeconds(2700));
    Answer renewed = gateway.form("/gpsession", "token=" + third.build(), cookies(first, second));
    assertFalse(renewed.has("Clear-Site-Data"));
    assertTrue(
        gateway
            .get("/.gateway/session", third)
            .text()
            .contains("\"expires\":\"2026-11-21T12:45:00Z\""));
    gateway.time.advanceTo(START.plusSeconds(2699));
    assertEquals(List.of(), ended);
    gateway.time.advanceTo(START.plusSeconds(2700));
    assertEquals(List.of("console EXPIRED"), ended);
    gateway.time.advanceTo(START.plusSeconds(3600));
    assertEquals(List.of("console EXPIRED", "console EXPIRED"), ended);
  }

  @Test
  void aNewLinkThatPermitsSomethingElseProlongsNothing() throws Exception {
    List<String> scope = List.of("GET /");
    assertEquals(1800, lifeOfConsole(scope, List.of("GET /", "GET /a")));
    assertEquals(1800, lifeOfConsole(null, scope));
    assertEquals(3600, lifeOfConsole(scope, scope));
    assertEquals(3600, lifeOfConsole(scope, null));
  }

  /** In seconds; opened under a token for 1800, in a browser that follows a link for 3600. */
  private long lifeOfConsole(@Nullable List<String> scope, @Nullable List<String> later)
      throws Exception {
    try (EntryFixture fixture = new EntryFixture()) {
      List<Instant> ended = new ArrayList<>();
      TestTokens first = scoped(token("10.0.0.5"), scope);
      fixture.get("/", first);
      LiveSession session = fixture.arrived.remove().session();
      session.register(Kind.CONSOLE, end -> ended.add(fixture.time.clock().instant()));
      TestTokens second = scoped(TestTokens.token("10.0.0.5", START.plusSeconds(3600)), later);
      fixture.get("/gpsession?token=" + second.build(), cookies(first));
      fixture.time.advanceTo(START.plusSeconds(1800));
      fixture.time.advanceTo(START.plusSeconds(3600));
      return Duration.between(START, ended.get(0)).toSeconds();
    }
  }

  private static TestTokens scoped(TestTokens token, @Nullable List<String> scope) {
    return scope == null ? token : token.claim("scope", scope);
  }

  @Test
  void aLinkForAnotherBmcMovesNothing() throws Exception {
    List<String> ended = new ArrayList<>();
    TestTokens first = token("10.0.0.5");
    gateway.get("/", first);
    LiveSession session = gateway.arrived.remove().session();
    assertTrue(session.register(Kind.CONSOLE, end -> ended.add("console " + end)).isPresent());
    link(TestTokens.token("10.0.0.6", START.plusSeconds(3600)), cookies(first));
    gateway.time.advanceTo(START.plusSeconds(1800));
    assertEquals(List.of("console EXPIRED"), ended);
  }

  @Test
  void whileShuttingDownNoSessionIsOpened() throws Exception {
    gateway.draining = true;
    Answer answer = link(token("10.0.0.5"), "");
    assertRefused(answer, 503, "draining");
    assertTrue(answer.has("Retry-After"));
    assertEquals(200, gateway.get("/", token("10.0.0.5")).status());
  }

  @Test
  void aFailedLinkLeaksItsAddressToNobody() throws Exception {
    assertEquals(
        List.of("no-referrer"), gateway.get("/gpsession?token=x", "").values("Referrer-Policy"));
  }

  private Answer link(TestTokens token, String headers) throws Exception {
    return gateway.get("/gpsession?token=" + token.build(), headers);
  }

  private static void assertOpened(Answer answer, String token) {
    assertEquals(302, answer.status());
    assertEquals(List.of("/"), answer.values("Location"));
    assertEquals(
        "pm-session=" + token + "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=88200",
        opening(answer));
    assertEquals(List.of("no-referrer"), answer.values("Referrer-Policy"));
    assertEquals(List.of("no-store"), answer.values("Cache-Control"));
  }

  private static void assertRefused(Answer answer, int status, String code) {
    assertEquals(status, answer.status());
    assertTrue(answer.text().startsWith("{\"error\":\"" + code + "\",\"message\":\""));
    assertFalse(answer.has("Set-Cookie"));
    assertFalse(answer.has("Clear-Site-Data"));
    assertFalse(answer.has("Location"));
  }

  private static String opening(Answer answer) {
    return answer.values("Set-Cookie").stream()
        .filter(value -> value.startsWith("pm-session="))
        .reduce(
            (one, other) -> {
              throw new AssertionError("two session cookies");
            })
        .orElseThrow();
  }

  private static List<String> expirations(Answer answer) {
    return answer.values("Set-Cookie").stream()
        .filter(value -> value.endsWith("Max-Age=0"))
        .toList();
  }
}
