package io.github.bmcgateway.relay;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.JWTClaimsSet;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway in the place of pmproxy's own, behind an original edge with its tokens. */
@TestInstance(Lifecycle.PER_CLASS)
class BehindOriginalEdgeTest {
  private static final String IP = "127.0.0.1";
  private static final String HOST = "srv1.pm.example.com";

  private TalkingBmc bmc;
  private GatewayFixture gateway;
  private OriginalEdge edge;
  private String token;

  @BeforeAll
  void start() throws Exception {
    bmc = new TalkingBmc();
    gateway =
        GatewayFixture.builder(bmc.port())
            .yaml("gateway: {trustedEdges: [127.0.0.1]}")
            .bmc("overrides: [{address: 127.0.0.1, vendor: generic}]")
            .start();
    edge = new OriginalEdge(gateway.port(), HOST);
    token = token(IP, 1800);
  }

  @AfterAll
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  /** As pmproxy's issuer makes them: no vendor, no port. */
  private static String token(String ip, long seconds) {
    Instant now = Instant.now();
    return Tokens.sign(
        new JWTClaimsSet.Builder()
            .claim("ip", ip)
            .claim("upstream", "eu1.pm.example.com")
            .issueTime(Date.from(now.minusSeconds(1800)))
            .notBeforeTime(Date.from(now.minusSeconds(10)))
            .expirationTime(Date.from(now.plusSeconds(seconds)))
            .build());
  }

  private static Map<String, String> cookie(String value) {
    return Map.of("Cookie", "pm-session=" + value);
  }

  private static Map<String, String> with(Map<String, String> headers, String name, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(name, value);
    return all;
  }

  @Test
  void aPageComesFromTheBmcThatEdgeAndTokenName() throws IOException {
    Map<String, String> browser =
        Map.of("Cookie", "a=1; pm-session=" + token + "; sessionKey=k3y ; b=2", "X-Own", "yes");
    RawClient.Answer answer = edge.page("GET", "//a%2Fb?c=[d]", browser, IP, bmc.port());
    assertEquals("at //a%2Fb?c=[d] with 0 bytes", answer.text());
    Exchange asked = bmc.last();
    assertEquals(List.of(IP + ":" + bmc.port()), asked.values("Host"));
    assertEquals(List.of("a=1; sessionKey=k3y; b=2"), asked.values("Cookie"));
    assertEquals(List.of("k3y"), asked.values("X-Auth-Token"));
    assertEquals(List.of("yes"), asked.values("X-Own"));
    assertFalse(asked.head().matches("(?is).*\n(x-pm-|x-forwarded-|cf-|cdn-).*"), asked.head());
  }

  @Test
  void thePublicOriginIsWhatTheEdgeSays() throws IOException {
    Map<String, String> own = with(cookie(token), "Origin", "https://" + HOST);
    assertEquals(200, edge.page("POST", "/", own, IP, bmc.port()).status());
    Map<String, String> foreign = with(cookie(token), "Origin", "https://evil.example");
    RawClient.Answer refused = edge.page("POST", "/", foreign, IP, bmc.port());
    assertEquals("403 origin_denied", code(refused));
  }

  @Test
  void theTokenDecidesNotTheEdge() throws IOException {
    int before = bmc.exchanges().size();
    assertEquals("401 no_session", code(edge.page("GET", "/", Map.of(), IP, bmc.port())));
    assertEquals("401 invalid_token", code(page(token + "x", IP, bmc.port())));
    assertEquals("401 expired_token", code(page(token(IP, -1), IP, bmc.port())));
    assertEquals("401 invalid_token", code(page(token, "127.0.0.2", bmc.port())));
    assertEquals("403 target_denied", code(page(token, IP, bmc.port() + 1)));
    String other = Tokens.mint(1, 60, claims -> claims.claim("upstream", "eu1"));
    assertEquals("403 target_denied", code(page(other, IP, bmc.port())));
    assertEquals(before, bmc.exchanges().size());
    String own = Tokens.mint(bmc.port(), 60, claims -> claims.claim("upstream", "eu1"));
    assertEquals(200, page(own, IP, 443).status());
  }

  private RawClient.Answer page(String value, String ip, int port) throws IOException {
    return edge.page("GET", "/", cookie(value), ip, port);
  }

  private static String code(RawClient.Answer answer) {
    return answer.status() + " " + answer.text().replaceFirst(".*\"error\":\"(\\w+)\".*", "$1");
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "127.0.0.1,0",
    "127.0.0.1,65536",
    "127.0.0.1,x",
    "localhost,443",
    "'',443",
    "'127.0.0.1, 127.0.0.2',443",
    "0x7f.1,443"
  })
  void anEdgeThatDoesNotSayWhereToIsNotUnderstood(String ip, String port) throws IOException {
    Map<String, String> headers = new HashMap<>(cookie(token));
    if (!(ip.isEmpty() && port.isEmpty())) {
      headers.put("X-PM-Host", ip);
      headers.put("X-PM-Port", port);
    }
    assertEquals("400 bad_request", code(edge.raw("GET", "/", headers)));
  }

  private String target(String path, String coded) {
    return OriginalEdge.socketTarget(IP, bmc.port(), path, coded);
  }

  private Map<String, String> browser() {
    return Map.of(
        "Cookie",
        "pm-session=" + token + "; own=~~~???>>>",
        "Host",
        HOST,
        "Origin",
        "https://" + HOST,
        "User-Agent",
        "Browser/1 \u00e9",
        "Sec-WebSocket-Protocol",
        "base64, binary",
        "Upgrade",
        "websocket");
  }

  @Test
  void aSocketCarriesFramesAndTheBmcsSubprotocolBothWays() throws IOException {
    String target = target("/kvm/0", OriginalEdge.coded(browser()));
    try (Wire hop = edge.socket(target, "Sec-WebSocket-Protocol: base64, binary")) {
      String head = hop.readHead();
      assertEquals(101, Wire.status(head), head);
      assertTrue(head.contains("Sec-WebSocket-Protocol: binary\r\n"), head);
      assertEquals("hello", hop.text("hello").skipPings().text());
      assertEquals(4123, hop.close(4123, "bye").skipTo(Wire.CLOSE).closeCode());
    }
    Exchange asked = bmc.last();
    assertEquals("GET /kvm/0 HTTP/1.1", asked.requestLine());
    assertEquals(List.of("own=~~~???>>>"), asked.values("Cookie"));
    assertEquals(List.of("https://127.0.0.1:" + bmc.port()), asked.values("Origin"));
    assertEquals(List.of("base64, binary"), asked.values("Sec-WebSocket-Protocol"));
  }

  @ParameterizedTest
  @CsvSource({
    // The browser's path is appended with its own slash; somebody may have merged the two.
    "/kvm,               plain,   /kvm",
    "/kvm,               raw,     /kvm",
    "/kvm,               blank,   /kvm",
    "/kvm,               bare,    /kvm",
    "/kvm,               lower,   /kvm",
    "/kvm,               nulls,   /kvm",
    "kvm,                plain,   /kvm",
    "//kvm,              plain,   //kvm",
    "/,                  plain,   /",
    "/a%20b%2Fc,         plain,   /a%20b%2Fc",
    "/vnc/vconsole%3Fvck%3D1, plain, /vnc/vconsole?vck=1",
    "/a%252520b%3fd%253D%26e%20,   plain, /a%2520b?d%3D&e%20"
  })
  void theBrowsersPathReachesTheBmcHoweverItIsWritten(String path, String how, String expected)
      throws IOException {
    String base64 = padded(browser());
    assertTrue(base64.contains("+") && base64.endsWith("="), base64);
    String coded =
        switch (how) {
          case "raw" -> base64;
          case "blank" -> base64.replace("+", "%20");
          case "bare" -> base64.replace("=", "");
          case "lower" ->
              OriginalEdge.base64(
                  OriginalEdge.json(browser())
                      .replace("\"Cookie\"", "\"cookie\"")
                      .replace("\"Host\"", "\"host\""));
          case "nulls" ->
              OriginalEdge.base64(
                  OriginalEdge.json(browser()).replaceFirst("}$", ",\"Pragma\":null}"));
          default -> OriginalEdge.coded(browser());
        };
    try (Wire hop = edge.socket(target(path, coded))) {
      assertEquals(101, Wire.status(hop.readHead()));
    }
    assertEquals("GET " + expected + " HTTP/1.1", bmc.last().requestLine());
  }

  /** With padding, whatever the token's length. */
  private static String padded(Map<String, String> browser) {
    String agent = browser.get("User-Agent");
    String base64 = OriginalEdge.base64(OriginalEdge.json(browser));
    return base64.endsWith("=") ? base64 : padded(with(browser, "User-Agent", agent + "x"));
  }

  @Test
  void aSubprotocolThatTheHopDoesNotOfferReachesTheBmcButIsNotAnswered() throws IOException {
    try (Wire hop = edge.socket(target("/kvm", OriginalEdge.coded(browser())))) {
      String head = hop.readHead();
      assertEquals(101, Wire.status(head), head);
      assertFalse(head.contains("Sec-WebSocket-Protocol"), head);
    }
    assertEquals(List.of("base64, binary"), bmc.last().values("Sec-WebSocket-Protocol"));
  }

  @Test
  void onlyTheCookieAndOriginOfTheBrowserCount() throws IOException {
    Map<String, String> nobody = Map.of("Host", HOST, "Origin", "https://" + HOST);
    String cookie = "Cookie: pm-session=" + token;
    assertEquals(401, refusal(target("/kvm", OriginalEdge.coded(nobody)), cookie));
    Map<String, String> foreign = with(browser(), "Origin", "https://evil.example");
    assertEquals(403, refusal(target("/kvm", OriginalEdge.coded(foreign))));
    String coded = OriginalEdge.coded(browser());
    String elsewhere = OriginalEdge.socketTarget("127.0.0.2", bmc.port(), "/kvm", coded);
    assertEquals(401, refusal(elsewhere));
    assertEquals(403, refusal(OriginalEdge.socketTarget(IP, bmc.port() + 1, "/kvm", coded)));
  }

  private int refusal(String target, String... headers) throws IOException {
    try (Wire hop = edge.socket(target, headers)) {
      return Wire.status(hop.readHead());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"x\"",
        "{",
        "{} {}",
        "{\"Cookie\":1}",
        "{\"Cookie\":{}}",
        "{\"Cookie\":[\"a\"]}",
        "{\"Cookie\":\"a\",\"Cookie\":\"b\"}",
        "{\"Cookie\":\"a\",\"cookie\":\"b\"}",
        "{\"User-Agent\":\"a\\r\\nX-Evil: 1\"}",
        "{\"User-Agent\":\"\\u0000\"}",
        "{\"Host\":\"a b\"}"
      })
  void headersThatCanBeReadInTwoWaysOrNoneAreRefused(String json) throws IOException {
    assertEquals(400, refusal(target("/kvm", OriginalEdge.base64(json))));
  }

  @Test
  void aSocketThatIsNotWrittenAsTheProtocolSaysIsRefused() throws IOException {
    String coded = OriginalEdge.coded(browser());
    String prefix = "/websocket/" + IP + "/" + bmc.port();
    assertEquals(400, refusal(prefix + "//kvm"));
    assertEquals(400, refusal(prefix + "//kvm?headers="));
    assertEquals(400, refusal(prefix + "//kvm?headers=%2"));
    assertEquals(400, refusal(prefix + "//kvm?headers=" + coded + "&headers=" + coded));
    assertEquals(400, refusal(prefix + "?headers=" + coded));
    assertEquals(400, refusal("/websocket/localhost/443//kvm?headers=" + coded));
    assertEquals(400, refusal("/websocket/127.0.0.1/0//kvm?headers=" + coded));
    assertEquals(400, refusal("/x/.." + prefix + "//kvm?headers=" + coded));
    assertEquals(400, refusal("/%77ebsocket/127.0.0.1/443//kvm?headers=" + coded));
    String names =
        IntStream.range(0, 65).mapToObj(i -> "\"x" + i + "\":null").collect(joining(","));
    String many = OriginalEdge.base64("{" + names + "}");
    assertEquals(400, refusal(prefix + "//kvm?headers=" + many));
    Map<String, String> plain = with(with(cookie(token), "X-PM-Host", IP), "X-PM-Port", "443");
    assertEquals(
        "400 bad_request", code(edge.raw("GET", prefix + "//kvm?headers=" + coded, plain)));
  }

  @Test
  void aConsoleThatTheLostQueryBreaksSaysSo() throws IOException {
    String coded = OriginalEdge.coded(browser());
    try (Wire hop = edge.socket(target("/vnc/vconsole?vck=1", coded))) {
      assertEquals(101, Wire.status(hop.readHead()));
      Wire.Frame close = hop.skipTo(Wire.CLOSE);
      assertEquals(1011, close.closeCode());
      assertTrue(close.closeReason().contains("edge"), close.closeReason());
    }
  }

  @Test
  void toAnybodyElseItIsAPathOfTheBmcAndTheHeadersAreNobodys() throws IOException {
    String mine = Tokens.mint(bmc.port(), 60, claims -> {});
    String headers =
        "Cookie: pm-session="
            + mine
            + "\r\nX-PM-Host: 127.0.0.2\r\nX-PM-Port: 1\r\nX-Forwarded-Host: "
            + HOST
            + "\r\nConnection: close\r\n";
    try (RawClient client = new RawClient("127.0.0.9", "localhost", gateway.port())) {
      RawClient.Answer answer = client.get("/websocket/127.0.0.2/1//kvm?headers=x", headers);
      assertEquals("at /websocket/127.0.0.2/1//kvm?headers=x with 0 bytes", answer.text());
    }
    assertFalse(bmc.last().head().contains("X-PM-"), bmc.last().head());
    try (RawClient client = new RawClient("127.0.0.9", "localhost", gateway.port())) {
      String cookie = "Cookie: pm-session=" + token + "\r\nX-PM-Host: 127.0.0.1\r\n";
      assertEquals(403, client.get("/", cookie + "X-PM-Port: " + bmc.port() + "\r\n").status());
    }
  }
}
