package io.github.bmcgateway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.JWTClaimsSet;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gateway in the place of pmproxy's edge, before an original gateway. */
@TestInstance(Lifecycle.PER_CLASS)
class BeforeOriginalGatewayTest {
  private static final String HOST = "srv1.pm.example.com";

  /** What the double is called, and where it is. */
  private static final String UPSTREAM = "127.0.0.2";

  private OriginalGateway original;
  private GatewayFixture edge;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    KeyStore keys = TestCertificates.localhost(UPSTREAM);
    Path authority = folder.resolve("ca.pem");
    Files.writeString(authority, TestCertificates.chainPem(keys));
    original = new OriginalGateway(UPSTREAM, keys);
    edge =
        GatewayFixture.builder(443, 5900)
            .yaml(
                "gateway: {name: edge.pm.example.com, upstreams: [127.0.0.2=pmproxy], proxyPort: "
                    + original.port()
                    + ", upstreamCa: "
                    + authority
                    + "}")
            .yaml("session: {cookie: __Host-s}")
            .start();
  }

  @AfterAll
  void stop() throws Exception {
    edge.close();
    original.close();
  }

  private static String token(long seconds, Consumer<JWTClaimsSet.Builder> more) {
    return Tokens.mint(
        443,
        seconds,
        claims -> {
          claims.claim("port", null).claim("upstream", UPSTREAM);
          more.accept(claims);
        });
  }

  private static String token() {
    return token(1800, claims -> {});
  }

  private RawClient.Answer request(String method, String target, String host, String headers)
      throws IOException {
    try (RawClient browser = new RawClient(edge.port())) {
      browser.send(
          method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n");
      return browser.answer(method);
    }
  }

  private static String cookie(String token) {
    return "Cookie: a=1; __Host-s=" + token + "; sessionKey= k3y; pm-session=planted\r\n";
  }

  @Test
  void thePageIsAskedForAsTheProtocolSays() throws IOException {
    String planted = "X-PM-Host: 10.0.0.1\r\nX-Forwarded-For: 1.1.1.1\r\nCF-Ray: 1\r\n";
    RawClient.Answer answer =
        request("GET", "//a%2Fb?c=[d]", HOST, cookie(token()) + planted + "X-Own: yes\r\n");
    assertEquals(
        "GET https://127.0.0.1:443//a%2Fb?c=[d] as srv1.pm.example.com for 127.0.0.1 with k3y and 0",
        answer.text());
    String head = original.last().head();
    assertEquals(List.of(""), original.last().values("X-Forwarded-Port"), head);
    assertEquals(List.of(UPSTREAM + ":" + original.port()), original.last().values("Host"));
    assertTrue(head.contains("X-Own: yes\r\n"), head);
    assertFalse(head.contains("planted") || head.contains("__Host-s") || head.contains("CF-Ray"));
    assertFalse(answer.has("Strict-Transport-Security"), answer.head());
    assertEquals(List.of("bmc=1; Secure"), answer.values("Set-Cookie"));
  }

  @ParameterizedTest
  @CsvSource({
    "srv1.pm.example.com,       443",
    "srv1.pm.example.com:5900,  5900",
    // Not a port of BMCs: where this gateway listens is its own business.
    "srv1.pm.example.com:18443, 443"
  })
  void thePublicPortIsTheBmcsWhereItMayBe(String host, int port) throws IOException {
    RawClient.Answer answer = request("GET", "/", host, cookie(token()));
    assertTrue(answer.text().startsWith("GET https://127.0.0.1:" + port + "/ as " + host), host);
  }

  @Test
  void aBodyGoesOnWithItsLength() throws IOException {
    String chunks = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n";
    RawClient.Answer answer = request("POST", "/up", HOST, cookie(token()) + chunks);
    assertTrue(answer.text().endsWith(" and 5"), answer.text());
  }

  @ParameterizedTest
  @CsvSource({"/vnc/vconsole?vck=123", "/kvm", "//a%2Fb%20c;d?e=%25%2B+f&g=[h]|i", "/?", "/a%3Fb"})
  void aSocketKeepsItsPathAndQuery(String target) throws IOException {
    try (Wire browser = open(target, token())) {
      String head = browser.readHead();
      assertEquals(101, Wire.status(head), head);
      assertTrue(head.contains("Sec-WebSocket-Protocol: binary\r\n"), head);
      assertEquals("hello", browser.text("hello").skipPings().text());
      assertEquals(4123, browser.close(4123, "bye").skipTo(Wire.CLOSE).closeCode());
    }
    String dialled = original.dialled().get(original.dialled().size() - 1);
    assertTrue(dialled.startsWith("wss://127.0.0.1:443" + target + " {"), dialled);
    assertTrue(dialled.contains("Host=gateway, Origin=https://gateway}"), dialled);
    assertTrue(dialled.contains("Cookie=a=1; sessionKey= k3y; pm-session=ey"), dialled);
  }

  private Wire open(String target, String token) throws IOException {
    Wire browser = Wire.connect(edge.port());
    browser.write(
        Wire.upgrade(
            target,
            cookie(token).trim(),
            "Origin: https://gateway",
            "Sec-WebSocket-Protocol: base64, binary"));
    return browser;
  }

  @Test
  void whatThatGatewayDoesNotSeeToIsSeenToHere() throws IOException {
    int before = original.asked();
    String scoped = token(60, claims -> claims.claim("scope", List.of("GET /ok")));
    assertEquals(403, request("GET", "/no", HOST, cookie(scoped)).status());
    String named = token(60, claims -> claims.claim("scope", List.of("read")));
    assertEquals(403, request("GET", "/", HOST, cookie(named)).status());
    String port = token(60, claims -> claims.claim("port", 22));
    assertEquals(403, request("GET", "/", HOST, cookie(port)).status());
    String once = token(60, claims -> claims.claim("once", true));
    assertEquals(401, request("GET", "/", HOST, cookie(once)).status());
    assertEquals(before, original.asked());
    assertEquals(200, request("GET", "/ok", HOST, cookie(scoped)).status());
  }

  @Test
  void aConsoleEndsWithItsTokenThoughThatGatewayLeavesItOpen() throws IOException {
    try (Wire browser = openBriefly(3)) {
      assertEquals(4401, browser.skipTo(Wire.CLOSE).closeCode());
    }
  }

  /** A console of a token for so many seconds, or longer where that is over before it is open. */
  private Wire openBriefly(long seconds) throws IOException {
    Wire browser = open("/kvm", token(seconds, claims -> {}));
    if (Wire.status(browser.readHead()) == 101) {
      return browser;
    }
    browser.close();
    return openBriefly(seconds * 2);
  }
}
