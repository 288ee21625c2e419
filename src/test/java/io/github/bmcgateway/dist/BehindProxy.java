package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.console.FakeBmc;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.Tls;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.WrittenLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The gateway behind a reverse proxy of others that is set up as the documentation says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BehindProxy {
  private static final String HOST = "a.pm.example.com";
  private static final String CLIENT = "127.0.0.7";
  private static final String PM_SESSION = ".*(pm-session=[^;]+).*";
  private static final int MIB = 1 << 20;

  private static final String SPOOFED =
      """
      X-Forwarded-For: 203.0.113.9
      X-Forwarded-Host: evil.example
      X-Forwarded-Proto: http
      X-Forwarded-Port: 1
      CF-Connecting-IP: 203.0.113.9
      Forwarded: for=203.0.113.9;host=evil.example
      """
          .replace("\n", "\r\n");

  private StreamingBmc bmc;
  private FakeBmc consoles;
  private GatewayFixture gateway;
  private FrontProxy proxy;
  private Path audit;

  /** Starts the proxy under test. */
  abstract FrontProxy start(Path folder, KeyStore keys, int gatewayPort, KeyStore gatewayKeys)
      throws Exception;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    KeyStore keys = TestCertificates.localhost("*.pm.example.com");
    audit = folder.resolve("audit.jsonl");
    bmc = new StreamingBmc();
    consoles = new FakeBmc();
    gateway =
        GatewayFixture.builder(bmc.port(), consoles.port())
            .keys(keys)
            .yaml("gateway: {trustedProxies: [127.0.0.1]}")
            .yaml("session: {publicHosts: [\"*.pm.example.com\", localhost]}")
            .yaml("ops: {auditLog: " + audit + "}")
            .start();
    proxy = start(folder, keys, gateway.port(), keys);
  }

  @AfterAll
  void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
    }
    gateway.close();
    consoles.close();
    bmc.close();
  }

  @Test
  void aLinkUnderAWildcardNameOpensAPage() throws Exception {
    try (RawClient client = client()) {
      Answer link = exchange(client, "GET " + link("page", HOST), "");
      assertEquals(302, link.status(), link::head);
      String cookie = String.join("", link.values("Set-Cookie")).replaceAll(PM_SESSION, "$1");

      String headers = "Accept-Encoding: gzip\r\nCookie: " + cookie + "\r\n";
      Answer page = exchange(client, "GET /page", headers);

      assertEquals(StreamingBmc.PAGE, page.text());
      awaitAudited("page", "request", CLIENT);
    }
  }

  @Test
  void whatAClientClaimsToBeEndsAtTheProxy() throws Exception {
    try (RawClient client = client()) {
      Answer link = exchange(client, "GET " + link("spoofing", HOST), SPOOFED);
      assertEquals(302, link.status(), link::head);
      awaitAudited("spoofing", "session_start", CLIENT);

      client.send(
          "POST /form HTTP/1.1\r\nHost: "
              + HOST
              + "\r\nOrigin: https://"
              + HOST
              + "\r\n"
              + session()
              + SPOOFED
              + "Content-Length: 0\r\n\r\n");
      Answer write = client.answer();
      assertEquals(200, write.status(), write::text);
    }
  }

  @Test
  void aPeerThatIsNoTrustedProxyIsNotBelieved() throws Exception {
    try (RawClient direct = new RawClient("127.0.0.9", HOST, gateway.port())) {
      String target = link("direct", "evil.example");
      direct.send("GET " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\n" + SPOOFED + "\r\n");

      assertEquals(401, direct.answer().status());
      Eventually.holds("the peer's own address", () -> isAudited("127.0.0.9", "denied"));
      assertFalse(isAudited("203.0.113.9", ""));
    }
  }

  @Test
  void anotherHostIsRefused() throws Exception {
    try (RawClient client = client()) {
      client.send("GET /page HTTP/1.1\r\nHost: other.example\r\n" + session() + "\r\n");

      assertEquals(421, client.answer().status());
    }
  }

  @Test
  void aTargetArrivesByteForByte() throws Exception {
    String target = "//a%2fb|[c],%25?d={e}|[f]";
    try (RawClient client = client()) {
      Answer page = exchange(client, "GET " + target, session() + "CSRF_TOKEN: x\r\n");

      assertEquals(StreamingBmc.PAGE, page.text());
      assertEquals("GET " + target + " HTTP/1.1", bmc.last().requestLine());
      assertTrue(bmc.last().head().toLowerCase(Locale.ROOT).contains("csrf_token: x"));
    }
  }

  @Test
  void longHeadsPassBothWays() throws Exception {
    try (RawClient client = client()) {
      String filler = session().strip() + "; filler=" + "x".repeat(28 * 1024) + "\r\n";
      assertEquals(StreamingBmc.PAGE, exchange(client, "GET /page", filler).text());

      String cookies =
          IntStream.range(0, 1500).mapToObj(i -> "c" + i + "=1").collect(Collectors.joining("; "));
      Answer link = exchange(client, "GET " + link("switch", HOST), "Cookie: " + cookies + "\r\n");
      assertEquals(302, link.status(), link::head);
      assertTrue(link.values("Set-Cookie").size() > 1500);
    }
  }

  @Test
  void anUploadIsPassedOnWhileItComes() throws Exception {
    try (RawClient client = client()) {
      client.send(
          "POST /upload HTTP/1.1\r\nHost: "
              + HOST
              + "\r\n"
              + session()
              + "Content-Length: "
              + 8 * MIB
              + "\r\n\r\n");
      client.out().write(new byte[MIB]);
      client.out().flush();
      Eventually.holds("the first MiB at the BMC", () -> bmc.received() == MIB);

      client.out().write(new byte[7 * MIB]);
      client.out().flush();

      assertEquals(Integer.toString(8 * MIB), client.answer().text());
    }
  }

  @Test
  void anUploadOfUnknownLengthOverHttp2Arrives() throws Exception {
    HttpClient http = HttpClient.newBuilder().sslContext(Tls.trustingAny()).build();
    HttpRequest upload =
        HttpRequest.newBuilder(URI.create("https://localhost:" + proxy.port() + "/upload"))
            .header("Cookie", session().strip().substring("Cookie: ".length()))
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(new byte[2 * MIB])))
            .build();

    HttpResponse<String> answer = http.send(upload, HttpResponse.BodyHandlers.ofString());

    assertEquals(HttpClient.Version.HTTP_2, answer.version());
    assertEquals(Integer.toString(2 * MIB), answer.body());
  }

  @Test
  void anEventArrivesAtOnce() throws Exception {
    try (RawClient client = client()) {
      client.send("GET /events HTTP/1.1\r\nHost: " + HOST + "\r\n" + session() + "\r\n");
      awaitLine(client, "data: one");

      bmc.sendSecondEvent();

      awaitLine(client, "data: two");
    }
  }

  @Test
  void consolesAreRelayedAsTheyAre() throws Exception {
    ConsoleChecks checks = new ConsoleChecks(proxy.port(), consoles);

    checks.targetsArriveByteForByte();
    checks.messagesKeepTheirKindAndBounds();
    checks.pingsAreAnswered();
    checks.closesPassBothWays(4007, "ünï");
    checks.closesPassBothWays(1000, "");
    checks.aCloseWithoutCodeIs(1005);
  }

  @Test
  void aConsoleOpensFromItsOwnOriginOnly() throws Exception {
    assertEquals(403, upgradeFrom("https://evil.example"));
    assertEquals(101, upgradeFrom("https://" + HOST + ":" + proxy.port()));
    consoles.nextHead();
    consoles.nextConsole().close();
  }

  private int upgradeFrom(String origin) throws IOException {
    try (Wire browser = Wire.connect(proxy.port())) {
      String cookie = "Cookie: pm-session=" + Tokens.mint(consoles.port(), "generic");
      String upgrade = Wire.upgrade("/kvm", cookie, "Origin: " + origin);
      browser.write(upgrade.replace("Host: gateway", "Host: " + HOST + ":" + proxy.port()));
      return Wire.status(browser.readHead());
    }
  }

  @Test
  void anotherServerInTheGatewaysPlaceIsSentNothing(@TempDir Path folder) throws Exception {
    KeyStore keys = TestCertificates.localhost("*.pm.example.com");
    try (FrontProxy wary = start(folder, keys, gateway.port(), keys);
        RawClient client = new RawClient(CLIENT, HOST, wary.port())) {
      int status = exchange(client, "GET /.gateway/health", "").status();
      assertTrue(status == 502 || status == 503, () -> "it answered " + status);
    }
  }

  @Test
  void theProxyLogsNoToken() throws Exception {
    try (RawClient client = client()) {
      exchange(client, "GET " + link("logged", HOST), "");
    }

    String line = proxy.logged("/gpsession");

    assertTrue(line.startsWith(CLIENT), line);
    assertFalse(line.contains("eyJ"), line);
  }

  private RawClient client() throws IOException {
    return new RawClient(CLIENT, HOST, proxy.port());
  }

  /** A request without a body under the wildcard name, with further header lines. */
  private Answer exchange(RawClient client, String start, String headers) throws IOException {
    String host = HOST + ":" + proxy.port();
    return client.send(start + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n").answer();
  }

  private String link(String subject, String audience) {
    return "/gpsession?token="
        + Tokens.mint(
            bmc.port(),
            600,
            claims -> claims.claim("vendor", "generic").subject(subject).audience(audience));
  }

  private String session() {
    return "Cookie: pm-session=" + Tokens.mint(bmc.port(), "generic") + "\r\n";
  }

  private static void awaitLine(RawClient client, String text) throws IOException {
    String line = client.line();
    for (int lines = 0; !line.equals(text); lines++) {
      assertTrue(lines < 50, "no line " + text);
      line = client.line();
    }
  }

  private void awaitAudited(String subject, String event, String client) {
    Eventually.holds(
        event + " of " + subject + " from " + client,
        () -> isAudited("\"" + client + "\"", event, subject));
  }

  private boolean isAudited(String... texts) {
    return WrittenLines.of(audit).stream()
        .anyMatch(line -> Arrays.stream(texts).allMatch(line::contains));
  }
}
