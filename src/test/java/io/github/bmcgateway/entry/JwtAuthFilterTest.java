package io.github.bmcgateway.entry;

import static io.github.bmcgateway.entry.EntryFixture.START;
import static io.github.bmcgateway.entry.EntryFixture.cookies;
import static io.github.bmcgateway.entry.EntryFixture.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.entry.EntryFixture.Settings;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.testing.Http2Client;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.Tls;
import io.github.bmcgateway.token.TestTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches a BMC and what doesn't, over the wire. */
class JwtAuthFilterTest {
  private static final Pattern SHADOW =
      Pattern.compile("pm-session=; Path=/(?:.+; Secure; Max-Age=0.*|; .*; Domain=.*)");

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
  void aRequestWithASessionGoesToTheTokensBmc() throws Exception {
    TestTokens token =
        token("10.0.0.5").claim("port", 8443).claim("host", "bmc.lab").claim("vendor", "idrac9");
    Answer answer = gateway.get("/restgui/a%2Cb//c(d)@e?x=%2F&y=+", token);
    assertEquals("the BMC's", answer.text());
    BmcRequest request = gateway.arrived.remove();
    assertEquals("/restgui/a%2Cb//c(d)@e?x=%2F&y=+", request.target());
    assertEquals("10.0.0.5", request.bmc().address().ip().getHostAddress());
    assertEquals(8443, request.bmc().address().port());
    assertEquals("bmc.lab", request.bmc().address().authority());
    assertEquals("idrac9", request.bmc().profile().name());
    assertEquals("https://localhost", request.origin().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"})
  void everyOrdinaryMethodPasses(String method) throws Exception {
    Answer answer =
        gateway.request(method, "/a", cookies(token("10.0.0.5")) + "Content-Length: 0\r\n");
    assertEquals(200, answer.status());
    assertEquals(1, gateway.arrived.size());
  }

  static Stream<Arguments> badCookies() {
    return Stream.of(
        Arguments.of("none", "", 401, "no_session"),
        Arguments.of("another cookie", "Cookie: a=b\r\n", 401, "no_session"),
        Arguments.of("empty", "Cookie: pm-session=\r\n", 401, "invalid_token"),
        Arguments.of("garbage", "Cookie: pm-session=x.y.z\r\n", 401, "invalid_token"),
        Arguments.of(
            "forged", cookies(token("10.0.0.5").key("x".repeat(32))), 401, "invalid_token"),
        Arguments.of("expired", cookies(TestTokens.token("10.0.0.5", START)), 401, "expired_token"),
        Arguments.of(
            "another audience",
            cookies(token("10.0.0.5").claim("aud", "other.example")),
            401,
            "invalid_token"),
        Arguments.of(
            "unknown vendor",
            cookies(token("10.0.0.5").claim("vendor", "x")),
            401,
            "invalid_token"),
        Arguments.of("denied address", cookies(token("192.168.0.1")), 403, "target_denied"),
        Arguments.of(
            "denied port", cookies(token("10.0.0.5").claim("port", 22)), 403, "target_denied"),
        Arguments.of("two BMCs", cookies(token("10.0.0.5"), token("10.0.0.6")), 400, "bad_request"),
        Arguments.of(
            "one of two forged",
            cookies(token("10.0.0.5"), token("10.0.0.5").key("x".repeat(32))),
            400,
            "bad_request"),
        Arguments.of(
            "one of two expired",
            cookies(token("10.0.0.5"), TestTokens.token("10.0.0.5", START)),
            400,
            "bad_request"),
        Arguments.of(
            "nine of the same",
            cookies(Stream.generate(() -> token("10.0.0.5")).limit(9).toArray(TestTokens[]::new)),
            400,
            "bad_request"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badCookies")
  void withoutAGoodSessionNothingIsForwarded(String what, String headers, int status, String code)
      throws Exception {
    assertRefused(gateway.get("/", headers), status, code);
    assertRefused(gateway.get("/.gateway/session", headers), status, code);
    assertRefused(
        gateway.get("/kvm", headers + "Upgrade: websocket\r\nConnection: Upgrade\r\n"),
        status,
        code);
  }

  @Test
  void ofSeveralGoodCookiesTheLatestExpiryCounts() throws Exception {
    TestTokens shorter = token("10.0.0.5").claim("vendor", "generic");
    TestTokens longer =
        TestTokens.token("10.0.0.5", START.plusSeconds(3600)).claim("vendor", "idrac9");
    gateway.get("/", shorter, longer);
    assertEquals("idrac9", gateway.arrived.remove().bmc().profile().name());
    gateway.get("/", longer, shorter);
    assertEquals("idrac9", gateway.arrived.remove().bmc().profile().name());
  }

  @Test
  void aSessionEndsExactlyAtExpiry() throws Exception {
    TestTokens token = token("10.0.0.5");
    gateway.time.advanceTo(START.plusSeconds(1800).minusMillis(1));
    assertEquals(200, gateway.get("/", token).status());
    gateway.arrived.clear();
    gateway.time.advanceTo(START.plusSeconds(1800));
    assertRefused(gateway.get("/", token), 401, "expired_token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/../gpsession?token=x",
        "//gpsession",
        "/%2e/.gateway/",
        "/.gateway/../x",
        "/gpsession;x",
        "/%67psession",
        "/%2567psession",
        "/.gateway%2fhealth",
        "/.gateway//health",
        "/.gateway/./ready",
        "/.gateway/health;x",
        "/a%5c..%5cgpsession"
      })
  void anAmbiguousTargetIsNeverForwarded(String target) throws Exception {
    assertRefused(gateway.get(target, token("10.0.0.5")), 400, "bad_request");
  }

  @Test
  void anAbsoluteTargetIsReadAsItsPath() throws Exception {
    Answer answer = gateway.get("https://localhost/a?b", token("10.0.0.5"));
    assertEquals(200, answer.status());
    assertEquals("/a?b", gateway.arrived.remove().target());
    assertEquals(400, gateway.get("https://localhost/a/../gpsession", token("10.0.0.5")).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "TRACK", "trace"})
  void methodsThatNoPageNeedsAreRefused(String method) throws Exception {
    assertRefused(
        gateway.request(method, "/", cookies(token("10.0.0.5"))), 405, "method_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /evil HTTP/1.1", "G\tT", "G\u00c9T"})
  void aMethodThatIsNoTokenIsMalformed(String method) throws Exception {
    try (Http2Client browser = Http2Client.start()) {
      int status =
          browser
              .http()
              .newRequest("https://localhost:" + gateway.port() + "/")
              .method(method)
              .headers(headers -> headers.put("Cookie", "pm-session=" + token("10.0.0.5").build()))
              .send()
              .getStatus();

      assertEquals(400, status);
      assertTrue(gateway.arrived.isEmpty());
    }
  }

  @Test
  void aTunnelIsRefused() throws Exception {
    Answer answer = gateway.request("CONNECT", "localhost:443", cookies(token("10.0.0.5")));
    assertEquals(405, answer.status(), answer.head() + answer.text());
    assertTrue(gateway.arrived.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"Service-Worker, script", "Sec-Fetch-Dest, serviceworker", "Service-Worker, SCRIPT"})
  void aServiceWorkerIsNeverForwarded(String name, String value) throws Exception {
    assertRefused(
        gateway.get("/sw.js", cookies(token("10.0.0.5")) + name + ": " + value + "\r\n"),
        403,
        "not_allowed");
  }

  @Test
  void aPageOfAnotherSiteIsRefused() throws Exception {
    String session = cookies(token("10.0.0.5"));
    assertRefused(
        gateway.get(
            "/kvm",
            session
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: https://evil.example\r\n"),
        403,
        "origin_denied");
    assertRefused(
        gateway.form("/login", "a=b", session + "Sec-Fetch-Site: same-site\r\n"),
        403,
        "origin_denied");
    assertEquals(
        200,
        gateway
            .get(
                "/",
                session
                    + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                    + "Accept: text/html\r\n")
            .status());
  }

  @Test
  void onlyThePublicHostsAreServed() throws Exception {
    Settings settings = new Settings(List.of("pm.example.com", "*.pm.example.com"), List.of(), "/");
    try (EntryFixture strict = new EntryFixture(settings);
        RawClient client = strict.client()) {
      String session = cookies(token("10.0.0.5")) + "\r\n";
      client.send("GET / HTTP/1.1\r\nHost: a.pm.example.com\r\n" + session);
      assertEquals(200, client.answer().status());
      assertEquals("https://a.pm.example.com", strict.arrived.remove().origin().toString());
      client.send("GET / HTTP/1.1\r\nHost: PM.example.com:8443\r\n" + session);
      assertEquals(200, client.answer().status());
      client.send("GET / HTTP/1.1\r\nHost: evil.example\r\n" + session);
      assertTrue(client.answer().text().startsWith("{\"error\":\"wrong_host\""));
      client.send("GET /.gateway/session HTTP/1.1\r\nHost: localhost\r\n" + session);
      assertEquals(421, client.answer().status());
      client.send("GET /gpsession?token=x HTTP/1.1\r\nHost: a.b.pm.example.com\r\n\r\n");
      assertEquals(421, client.answer().status());
      client.send("GET /.gateway/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      assertEquals(200, client.answer().status());
      client.send("GET /.gateway/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      assertEquals(200, client.answer().status());
    }
  }

  @Test
  void aTrustedProxyTellsThePublicOrigin() throws Exception {
    Settings settings = new Settings(List.of("pm.example.com"), List.of("127.0.0.0/8"), "/");
    try (EntryFixture behind = new EntryFixture(settings)) {
      Answer answer =
          behind.get(
              "/",
              cookies(token("10.0.0.5").claim("aud", "pm.example.com"))
                  + "X-Forwarded-Host: pm.example.com\r\nX-Forwarded-Proto: https\r\n");
      assertEquals(200, answer.status());
      assertEquals("https://pm.example.com", behind.arrived.remove().origin().toString());
    }
    assertEquals(
        200,
        gateway
            .get("/", cookies(token("10.0.0.5")) + "X-Forwarded-Host: pm.example.com\r\n")
            .status());
    assertEquals("https://localhost", gateway.arrived.remove().origin().toString());
  }

  @Test
  void atAnotherContextPathNothingWorksButTheAnswerSaysWhy() throws Exception {
    try (EntryFixture elsewhere =
        new EntryFixture(new Settings(List.of(), List.of(), "/bmc-gateway"))) {
      Answer answer = elsewhere.get("/bmc-gateway/", cookies(token("10.0.0.5")));
      assertEquals(503, answer.status());
      assertTrue(answer.text().contains("\"error\":\"not_root\""));
      assertTrue(answer.text().contains("ROOT.war"));
      assertEquals(503, elsewhere.get("/bmc-gateway/.gateway/health", "").status());
      assertEquals(503, elsewhere.get("/bmc-gateway/gpsession?token=x", "").status());
      assertTrue(elsewhere.arrived.isEmpty());
    }
  }

  @Test
  void aRequestWithoutAHostIsRefused() throws Exception {
    try (RawClient client = gateway.client()) {
      client.send("GET / HTTP/1.1\r\n" + cookies(token("10.0.0.5")) + "\r\n");
      assertEquals(400, client.answer().status());
    }
    assertTrue(gateway.arrived.isEmpty());
  }

  @Test
  void http2HasTheSameRules() throws Exception {
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(Tls.trustingAny())
            .version(HttpClient.Version.HTTP_2)
            .build();
    String base = "https://localhost:" + gateway.port();
    String token = token("10.0.0.5").claim("aud", "localhost:" + gateway.port()).build();
    HttpResponse<String> linked = send(client, base + "/gpsession?token=" + token, "a", "b");
    assertEquals(HttpClient.Version.HTTP_2, linked.version());
    assertEquals(302, linked.statusCode());
    assertEquals("/", linked.headers().firstValue("Location").orElseThrow());
    String cookie =
        linked.headers().allValues("Set-Cookie").stream()
            .filter(value -> value.startsWith("pm-session="))
            .map(value -> value.substring(0, value.indexOf(';')))
            .findFirst()
            .orElseThrow();
    assertEquals(200, send(client, base + "/a?b", "Cookie", cookie).statusCode());
    BmcRequest request = gateway.arrived.remove();
    assertEquals("/a?b", request.target());
    assertEquals(base, request.origin().toString());
    assertEquals(400, send(client, base + "//gpsession", "Cookie", cookie).statusCode());
    assertEquals(401, send(client, base + "/", "a", "b").statusCode());
    assertTrue(gateway.arrived.isEmpty());
  }

  private static HttpResponse<String> send(HttpClient client, String uri, String name, String value)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(uri)).header(name, value).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void assertRefused(Answer answer, int status, String code) {
    assertEquals(status, answer.status());
    assertTrue(
        answer.text().startsWith("{\"error\":\"" + code + "\",\"message\":\""), answer.text());
    // What was sent beside ours goes; ours and whatever else there is stays.
    assertTrue(
        answer.values("Set-Cookie").stream().allMatch(cookie -> SHADOW.matcher(cookie).matches()),
        answer.head());
    assertTrue(gateway.arrived.isEmpty());
  }

  @Test
  void whatShadowsTheSessionIsTakenBackAndNothingElse() throws Exception {
    String two = cookies(token("10.0.0.5"), token("10.0.0.6"));
    assertEquals(List.of(), gateway.get("/", two).values("Set-Cookie"));
    assertEquals(
        List.of(
            "pm-session=; Path=/a; Secure; Max-Age=0",
            "pm-session=; Path=/a; Secure; Max-Age=0; Partitioned",
            "pm-session=; Path=/a/; Secure; Max-Age=0",
            "pm-session=; Path=/a/; Secure; Max-Age=0; Partitioned",
            "pm-session=; Path=/a/b.c; Secure; Max-Age=0",
            "pm-session=; Path=/a/b.c; Secure; Max-Age=0; Partitioned"),
        gateway.get("/a/b.c?d", two).values("Set-Cookie"));
    assertFalse(
        gateway.get("/a", cookies(token("10.0.0.5").key("x".repeat(32)))).has("Set-Cookie"));
    assertTrue(gateway.get("/" + "a;b/".repeat(900), two).values("Set-Cookie").isEmpty());
    String longest = "/a".repeat(2) + "/" + "b".repeat(1_100);
    assertEquals(8, gateway.get(longest, two).values("Set-Cookie").size());
  }
}
