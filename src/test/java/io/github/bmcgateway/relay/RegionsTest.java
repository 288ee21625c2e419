package io.github.bmcgateway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.WrittenLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** An edge and the gateways of two regions, each with a BMC at the same address. */
@TestInstance(Lifecycle.PER_CLASS)
class RegionsTest {
  private static final String HOST = "srv1.pm.example.com";
  private static final String A = "127.0.0.2";
  private static final String B = "127.0.0.3";
  private static final String UNNAMED = "127.0.0.4";
  private static final String ROUND = "127.0.0.6";

  private TalkingBmc bmcOfA;
  private TalkingBmc bmcOfB;
  private GatewayFixture regionA;
  private GatewayFixture regionB;
  private GatewayFixture edge;
  private Path folder;
  private KeyStore keys;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    keys = TestCertificates.localhost(A, B);
    Path authority = folder.resolve("ca.pem");
    Files.writeString(authority, TestCertificates.chainPem(keys));
    bmcOfA = new TalkingBmc();
    bmcOfB = new TalkingBmc();
    regionA = region(A, 0, bmcOfA, keys);
    regionB = region(B, regionA.port(), bmcOfB, keys);
    edge =
        GatewayFixture.builder(443)
            .yaml(
                "gateway: {name: edge.pm.example.com, upstreams: [127.0.0.2, 127.0.0.3=native,"
                    + " 127.0.0.4, 127.0.0.5], proxyPort: "
                    + regionA.port()
                    + ", upstreamCa: "
                    + authority
                    + "}\nops: {auditLog: "
                    + audit("edge")
                    + "}")
            .start();
  }

  private Path audit(String name) {
    return folder.resolve(name + ".jsonl");
  }

  private GatewayFixture region(String name, int port, TalkingBmc bmc, KeyStore shown)
      throws Exception {
    return GatewayFixture.builder(bmc.port())
        .at(name, port)
        .keys(shown)
        .yaml(
            "gateway: {name: "
                + name
                + ", trustedProxies: [127.0.0.1]}\nops: {auditLog: "
                + audit(name)
                + "}")
        .start();
  }

  @AfterAll
  void stop() throws Exception {
    edge.close();
    regionA.close();
    regionB.close();
    bmcOfA.close();
    bmcOfB.close();
  }

  private static String token(String upstream, TalkingBmc bmc, long seconds) {
    return Tokens.mint(
        bmc.port(),
        seconds,
        claims -> claims.claim("upstream", upstream).claim("vendor", "generic"));
  }

  private String tokenA() {
    return token(A, bmcOfA, 1800);
  }

  private String tokenB() {
    return token(B, bmcOfB, 1800);
  }

  private static String cookie(String token) {
    return "Cookie: own=1; pm-session=" + token + "\r\n";
  }

  private RawClient.Answer get(String target, String headers) throws IOException {
    return request(edge, "GET", target, headers);
  }

  private RawClient.Answer getAt(String region, String headers) throws IOException {
    try (RawClient browser = new RawClient(region, regionA.port())) {
      return browser.get("/", headers);
    }
  }

  private static RawClient.Answer request(
      GatewayFixture at, String method, String target, String headers) throws IOException {
    try (RawClient browser = new RawClient(at.port())) {
      browser.send(
          method + " " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\n" + headers + "\r\n");
      return browser.answer(method);
    }
  }

  @Test
  void theEdgeOpensTheSessionAndEachTokenReachesItsRegion() throws IOException {
    RawClient.Answer link = get("/gpsession?token=" + tokenA(), "");
    assertEquals(302, link.status());
    assertTrue(link.values("Set-Cookie").toString().contains("pm-session=ey"), link.head());
    assertEquals("at //a%2Fb?c=[d] with 0 bytes", get("//a%2Fb?c=[d]", cookie(tokenA())).text());
    assertEquals("at /b with 0 bytes", get("/b", cookie(tokenB())).text());
    assertEquals("GET /b HTTP/1.1", bmcOfB.last().requestLine());
  }

  @Test
  void theBmcSeesTheBrowsersRequestAndNothingOfTheHops() throws IOException {
    String headers =
        "Origin: https://" + HOST + "\r\nX-Own: yes\r\nReferer: https://" + HOST + "/r\r\n";
    assertEquals(200, request(edge, "POST", "/x", cookie(tokenA()) + headers).status());
    String authority = "127.0.0.1:" + bmcOfA.port();
    assertEquals(List.of(authority), bmcOfA.last().values("Host"));
    assertEquals(List.of("https://" + authority), bmcOfA.last().values("Origin"));
    assertEquals(List.of("https://" + authority + "/r"), bmcOfA.last().values("Referer"));
    assertEquals(List.of("own=1"), bmcOfA.last().values("Cookie"));
    assertEquals(List.of("yes"), bmcOfA.last().values("X-Own"));
    String head = bmcOfA.last().head();
    assertFalse(head.matches("(?is).*\n(x-forwarded-|cdn-loop|via|x-pm-).*"), head);
  }

  @Test
  void uploadsGoThroughBothHops() throws IOException {
    String body = "x".repeat(300_000);
    String length = "Content-Length: " + body.length() + "\r\n\r\n" + body;
    RawClient.Answer known = request(edge, "POST", "/up", cookie(tokenA()) + length);
    assertEquals("at /up with 300000 bytes", known.text());
    String chunk = "Transfer-Encoding: chunked\r\n\r\n493e0\r\n" + body + "\r\n0\r\n";
    RawClient.Answer unknown = request(edge, "PUT", "/up2", cookie(tokenA()) + chunk);
    assertEquals("at /up2 with 300000 bytes", unknown.text());
  }

  @Test
  void anEventComesBeforeTheNextOne() throws IOException {
    try (RawClient browser = new RawClient(edge.port())) {
      browser.send("GET /events HTTP/1.1\r\nHost: localhost\r\n" + cookie(tokenB()) + "\r\n");
      for (int event = 1; event <= 3; event++) {
        String line = "";
        while (!line.startsWith("data:")) {
          line = browser.line();
        }
        assertEquals("data: " + event, line);
        bmcOfB.nextEvent();
      }
    }
  }

  private static Wire open(GatewayFixture at, String token) throws IOException {
    Wire browser = Wire.connect(at.port());
    browser.write(
        Wire.upgrade(
            "/vnc/x?vck=[1]",
            cookie(token).trim(),
            "Origin: https://gateway",
            "Sec-WebSocket-Protocol: base64, binary"));
    return browser;
  }

  @Test
  void aConsoleGoesThroughBothHops() throws IOException {
    try (Wire browser = open(edge, tokenA())) {
      String head = browser.readHead();
      assertEquals(101, Wire.status(head), head);
      assertTrue(head.contains("Sec-WebSocket-Protocol: binary\r\n"), head);
      assertEquals("hello", browser.text("hello").skipPings().text());
      assertEquals(4123, browser.close(4123, "bye").skipTo(Wire.CLOSE).closeCode());
    }
    assertEquals("GET /vnc/x?vck=[1] HTTP/1.1", bmcOfA.last().requestLine());
  }

  @Test
  void bothEndAConsoleWithItsToken() throws IOException {
    try (Wire browser = openBriefly(3)) {
      Wire.Frame close = browser.skipTo(Wire.CLOSE);
      assertEquals("4401 session expired", close.closeCode() + " " + close.closeReason());
    }
    Eventually.holds("the edge's end", () -> ends("edge").anyMatch(l -> l.contains("\"4401\"")));
    Eventually.holds("the region's end", () -> ends(B).findAny().isPresent());
  }

  private Stream<String> ends(String name) {
    return lines(name).filter(line -> line.contains("console_end"));
  }

  /** A console of a token for so many seconds, or longer where that is over before it is open. */
  private Wire openBriefly(long seconds) throws IOException {
    Wire browser = open(edge, token(B, bmcOfB, seconds));
    if (Wire.status(browser.readHead()) == 101) {
      return browser;
    }
    browser.close();
    return openBriefly(seconds * 2);
  }

  @Test
  void bothHopsOfARequestHaveOneNameInTheAudit() throws IOException {
    assertEquals(200, get("/audited", cookie(tokenA())).status());
    Eventually.holds("two lines", () -> idsOf("/audited", "edge", A).count() == 2);
    assertEquals(1, idsOf("/audited", "edge", A).distinct().count());
    assertTrue(
        lines(A).anyMatch(l -> l.contains("/audited") && l.contains("\"client\":\"127.0.0.1\"")));
    // Nobody but a trusted proxy names a request.
    String id = "0123456789abcdef01234567";
    assertEquals(
        200, get("/named", cookie(tokenA()) + "X-Forwarded-Request-Id: " + id + "\r\n").status());
    Eventually.holds("two lines", () -> idsOf("/named", "edge", A).count() == 2);
    assertFalse(idsOf("/named", "edge", A).anyMatch(id::equals));
  }

  private Stream<String> idsOf(String path, String... names) {
    return Stream.of(names)
        .flatMap(this::lines)
        .filter(line -> line.contains("\"" + path + "\""))
        .map(line -> line.replaceFirst(".*\"request\":\"([0-9a-f]+)\".*", "$1"));
  }

  private Stream<String> lines(String name) {
    return WrittenLines.of(audit(name)).stream();
  }

  @Test
  void theRegionVerifiesTheTokenByItself() throws IOException {
    assertEquals(421, getAt(B, cookie(tokenA())).status());
    assertEquals(401, getAt(A, cookie(tokenA() + "x")).status());
    // This token is none of the edge's business to judge: its networks and ports are the region's.
    String closed =
        Tokens.mint(1, 60, claims -> claims.claim("upstream", A).claim("vendor", "generic"));
    RawClient.Answer denied = get("/", cookie(closed));
    assertTrue(denied.text().contains("target_denied"), denied.text());
  }

  @Test
  void aRegionThatIsDownIsNamedAndTheOthersGoOn() throws IOException {
    String lost = token("127.0.0.5", bmcOfA, 1800);
    RawClient.Answer page = get("/", cookie(lost) + "Accept: text/html\r\n");
    assertEquals(502, page.status());
    assertTrue(page.text().contains("127.0.0.5"), page.text());
    RawClient.Answer json = get("/", cookie(lost));
    assertTrue(json.text().contains("\"upstream_unreachable\""), json.text());
    try (Wire browser = open(edge, lost)) {
      assertEquals(502, Wire.status(browser.readHead()));
    }
    assertEquals(200, get("/", cookie(tokenA())).status());
    assertEquals(200, get("/", cookie(tokenB())).status());
  }

  @Test
  void anUnknownGatewayIsNotRelayedTo() throws IOException {
    for (String upstream : List.of("127.0.0.9", "evil.example", "127.0.0.2:22", "", "a b")) {
      RawClient.Answer answer = get("/", cookie(token(upstream, bmcOfA, 60)));
      assertEquals(421, answer.status(), upstream);
      assertTrue(answer.text().contains("\"wrong_gateway\""), answer.text());
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    try (GatewayFixture impostor = region(UNNAMED, regionA.port(), bmcOfA, keys)) {
      assertRefused(impostor);
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    KeyStore own = TestCertificates.localhost(UNNAMED);
    try (GatewayFixture impostor = region(UNNAMED, regionA.port(), bmcOfA, own)) {
      assertRefused(impostor);
    }
  }

  private void assertRefused(GatewayFixture impostor) throws IOException {
    assertEquals(regionA.port(), impostor.port());
    int before = bmcOfA.exchanges().size();
    RawClient.Answer answer = get("/", cookie(token(UNNAMED, bmcOfA, 60)));
    assertEquals(502, answer.status());
    assertTrue(answer.text().contains("\"upstream_tls\""), answer.text());
    assertTrue(answer.text().contains(UNNAMED), answer.text());
    assertEquals(before, bmcOfA.exchanges().size());
  }

  @Test
  void theSameAddressInAnotherRegionIsAnotherBmc() throws IOException {
    String inA = token(A, bmcOfA, 60);
    String inB = token(B, bmcOfA, 60);
    RawClient.Answer again = get("/gpsession?token=" + inA, cookie(inA));
    assertFalse(again.has("Clear-Site-Data"), again.head());
    RawClient.Answer other = get("/gpsession?token=" + inB, cookie(inA));
    assertTrue(other.has("Clear-Site-Data"), other.head());
    String both = "Cookie: pm-session=" + inA + "; pm-session=" + inB + "\r\n";
    assertEquals(400, get("/", both).status());
  }

  @Test
  void aCircleIsFound() throws Exception {
    KeyStore own = TestCertificates.localhost(ROUND);
    Path authority = folder.resolve("circle.pem");
    Files.writeString(authority, TestCertificates.chainPem(own));
    try (GatewayFixture circle =
        GatewayFixture.builder(443)
            .keys(own)
            // Free, as the port is one region's: nothing is bound to it at all addresses.
            .at(ROUND, regionA.port())
            .yaml(
                "gateway: {upstreams: [127.0.0.6], proxyPort: "
                    + regionA.port()
                    + ", upstreamCa: "
                    + authority
                    + "}")
            .start()) {
      assertEquals(regionA.port(), circle.port());
      String token = token(ROUND, bmcOfA, 60);
      try (RawClient browser = new RawClient(ROUND, circle.port())) {
        RawClient.Answer answer = browser.get("/", cookie(token));
        assertEquals(508, answer.status());
        assertTrue(answer.text().contains("\"loop\""), answer.text());
      }
    }
  }

  @Test
  void aRequestThatManyGatewaysHaveRelayedIsRefused() throws IOException {
    String seven = "CDN-Loop: cloudflare" + ", bmc-gateway; id=\"x\"".repeat(7) + "\r\n";
    assertEquals(200, get("/", cookie(tokenA()) + seven).status());
    String eight = seven + "CDN-Loop: bmc-gateway; id=\"y\"\r\n";
    assertEquals(508, get("/", cookie(tokenA()) + eight).status());
  }

  @Test
  void aSessionOfAnotherRegionIsShownHereAndEndedAtBoth() throws IOException {
    String token = tokenB();
    assertTrue(get("/.gateway/session", cookie(token)).text().contains("\"generic\""));
    assertEquals(200, getAt(B, cookie(token)).status());
    try (Wire browser = open(edge, token)) {
      assertEquals(101, Wire.status(browser.readHead()));
      String origin = "Origin: https://" + HOST + "\r\n";
      assertEquals(200, request(edge, "POST", "/.gateway/logout", cookie(token) + origin).status());
      assertEquals(4401, browser.skipTo(Wire.CLOSE).closeCode());
    }
    assertEquals(401, get("/", cookie(token)).status());
    Eventually.holds("the session is over there too", () -> isRefusedAt(B, token));
  }

  private boolean isRefusedAt(String region, String token) {
    try {
      return getAt(region, cookie(token)).status() == 401;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
