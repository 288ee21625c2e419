package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Promptly;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking links back while they are in use. */
class RevocationTest {
  private static final String KEY = "vR7pXq2LmZ8sTd4KwYb9NcHf3JgUa6Ee";
  private static final String PATH = "/.gateway/admin/revocations";
  private static final String BEARER = "Authorization: Bearer " + KEY + "\r\n";
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  @TempDir Path folder;

  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void stop() {
    over.countDown();
  }

  private static GatewayFixture gateway(int port) throws Exception {
    return GatewayFixture.builder(port).yaml("admin: {key: " + KEY + "}").start();
  }

  private GatewayFixture gatewayWithFile(int port) throws Exception {
    return GatewayFixture.builder(port)
        .yaml("admin: {key: " + KEY + "}\nrevocation: {file: " + file() + "}")
        .start();
  }

  private Path file() {
    return folder.resolve("revocations.jsonl");
  }

  private static String token(int port, String jti, Instant issued) {
    return Tokens.mint(
        port,
        1800,
        claims ->
            claims
                .claim("vendor", "generic")
                .jwtID(jti)
                .subject("ada")
                .issueTime(Date.from(issued)));
  }

  private static String cookie(String token) {
    return "Cookie: pm-session=" + token + "\r\n";
  }

  private static Answer post(GatewayFixture gateway, String headers, String body)
      throws IOException {
    try (RawClient operator = new RawClient(gateway.port())) {
      return operator
          .send(
              "POST "
                  + PATH
                  + " HTTP/1.1\r\nHost: node-1\r\n"
                  + headers
                  + "Content-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
          .answer();
    }
  }

  private static Answer revoke(GatewayFixture gateway, String body) throws IOException {
    Answer answer = post(gateway, BEARER, body);
    assertEquals(200, answer.status(), answer::text);
    return answer;
  }

  private static int status(GatewayFixture gateway, String target, String headers)
      throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      return browser.get(target, headers).status();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"jti\":\"one\"}", "{\"sub\":\"ada\"}", "{\"bmc\":\"127.0.0.1\"}"})
  void aRevokedTokenOpensNothingAndANewLinkWorks(String body) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "page"));
        GatewayFixture gateway = gateway(bmc.port())) {
      String token = token(bmc.port(), "one", Instant.now());
      assertEquals(200, status(gateway, "/", cookie(token)));
      revoke(gateway, body);
      assertEquals(401, status(gateway, "/", cookie(token)));
      assertEquals(401, status(gateway, "/gpsession?token=" + token, ""));
      assertEquals(401, status(gateway, "/.gateway/session", cookie(token)));
      String next = token(bmc.port(), "two", Instant.now().plusSeconds(2));
      assertEquals(302, status(gateway, "/gpsession?token=" + next, ""));
      assertEquals(200, status(gateway, "/", cookie(next)));
    }
  }

  @Test
  void aDownloadAndAConsoleEndWithinASecond() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    try (ScriptedBmc bmc = ScriptedBmc.start(this::pageOrSocket);
        GatewayFixture gateway = gateway(bmc.port())) {
      Promptly.assertWithin(
          Duration.ofSeconds(1),
          () -> cut(gateway, bmc.port(), "attempt-" + attempts.incrementAndGet()));
    }
  }

  private static Duration cut(GatewayFixture gateway, int port, String jti) throws IOException {
    try (RawClient download = new RawClient(gateway.port());
        RawClient console = new RawClient(gateway.port())) {
      String token = token(port, jti, Instant.now());
      download.send("GET /file HTTP/1.1\r\nHost: localhost\r\n" + cookie(token) + "\r\n");
      assertEquals("HTTP/1.1 200 OK", download.line());
      assertEquals(101, console.get("/kvm", cookie(token) + UPGRADE).status());
      long begun = System.nanoTime();

      revoke(gateway, "{\"jti\":\"" + jti + "\",\"reason\":\"gone\"}");

      byte[] frame = console.in().readNBytes(4);
      assertEquals(0x88, frame[0] & 0xff);
      assertEquals(4401, (frame[2] & 0xff) << 8 | frame[3] & 0xff);
      assertTrue(lengthToTheEnd(download) < 1000);
      return Duration.ofNanos(System.nanoTime() - begun);
    }
  }

  private static int lengthToTheEnd(RawClient client) {
    int length = 0;
    try {
      while (client.in().read() >= 0) {
        length++;
      }
    } catch (IOException reset) {
      // What came before counts.
    }
    return length;
  }

  private void pageOrSocket(Exchange exchange) throws IOException {
    if (exchange.requestLine().startsWith("GET /kvm")) {
      exchange.upgrade("");
    } else {
      exchange.say("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun");
    }
    exchange.readUntilGone();
    throw new IOException("closed");
  }

  @Test
  void theSessionAtTheBmcIsLoggedOut() throws Exception {
    try (Idrac9Simulator bmc = Idrac9Simulator.builder().start();
        GatewayFixture gateway = gateway(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      String token =
          Tokens.mint(bmc.port(), 600, claims -> claims.claim("vendor", "idrac9").subject("ada"));
      String login =
          "user: \""
              + bmc.user()
              + "\"\r\npassword: \""
              + bmc.password()
              + "\"\r\n"
              + "Content-Length: 0\r\n";
      browser.request("POST", "/sysmgmt/2015/bmc/session", cookie(token) + login);
      assertEquals(1, bmc.sessionsInUse());
      // Served only when the login's exchange is wholly over.
      browser.get("/restgui/start.html", cookie(token));
      revoke(gateway, "{\"sub\":\"ada\"}");
      Eventually.holds("the BMC's session is over", () -> bmc.sessionsInUse() == 0);
    }
  }

  @Test
  void withoutAKeyThereIsNoSuchEndpoint() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.start(443)) {
      assertEquals(404, post(gateway, BEARER, "{\"jti\":\"a\"}").status());
    }
  }

  @Test
  void withoutTheKeyNothingIsDoneOrTold() throws Exception {
    List<String> credentials =
        List.of(
            "",
            "Authorization: Bearer\r\n",
            "Authorization: Basic " + KEY + "\r\n",
            "Authorization: Bearer x" + KEY + "\r\n",
            "Authorization: Bearer " + Tokens.KEY + "\r\n",
            BEARER + BEARER,
            "Cookie: pm-session=" + KEY + "\r\n");
    try (GatewayFixture gateway = gateway(443)) {
      for (String credential : credentials) {
        Answer answer = post(gateway, credential, "{\"jti\":\"a\"}");
        assertEquals(401, answer.status(), credential);
        assertTrue(answer.has("WWW-Authenticate"));
      }
      assertEquals(401, status(gateway, PATH, ""));
      assertFalse(list(gateway).text().contains("\"jti\""));
    }
  }

  private static Answer list(GatewayFixture gateway) throws IOException {
    try (RawClient operator = new RawClient(gateway.port())) {
      return operator.get(PATH, BEARER);
    }
  }

  @Test
  void manyWrongKeysAreRefusedOutrightAndTheRightOneStillWorks() throws Exception {
    try (GatewayFixture gateway = gateway(443)) {
      for (int i = 0; i < 10; i++) {
        assertEquals(401, status(gateway, PATH, ""));
      }
      try (RawClient guesser = new RawClient(gateway.port())) {
        Answer answer = guesser.get(PATH, "");
        assertEquals(429, answer.status());
        assertTrue(answer.has("Retry-After"));
      }
      assertEquals(200, list(gateway).status());
    }
  }

  @Test
  void aBrowsersPageIsRefusedEvenWithTheKey() throws Exception {
    List<String> marks =
        List.of(
            "Origin: https://node-1\r\n",
            "Sec-Fetch-Site: same-origin\r\n",
            "Sec-Fetch-Mode: cors\r\n");
    try (GatewayFixture gateway = gateway(443)) {
      for (String mark : marks) {
        assertEquals(403, post(gateway, BEARER + mark, "{\"jti\":\"a\"}").status(), mark);
      }
      assertFalse(list(gateway).text().contains("\"jti\""));
    }
  }

  @Test
  void whatIsntARevocationIsRefused() throws Exception {
    try (GatewayFixture gateway = gateway(443)) {
      Answer answer = post(gateway, BEARER, "{\"jti\":");
      assertEquals(400, answer.status());
      assertTrue(answer.text().contains("bad_request"), answer::text);
      assertEquals(413, post(gateway, BEARER, " ".repeat(20_000)).status());
      try (RawClient operator = new RawClient(gateway.port())) {
        assertEquals(405, operator.request("DELETE", PATH, BEARER).status());
      }
    }
  }

  @Test
  void whatIsRevokedIsListed() throws Exception {
    try (GatewayFixture gateway = gateway(443)) {
      String old = "{\"sub\":\"ada\",\"before\":\"2020-01-01T00:00:00Z\"}";
      assertTrue(revoke(gateway, old).text().contains("outdated"));
      Answer answer = revoke(gateway, "{\"sub\":\"ada\",\"reason\":\"left\"}");
      assertTrue(answer.text().contains("\"kept\":false"), answer::text);
      String listed = list(gateway).text();
      assertTrue(listed.contains("\"sub\":\"ada\"") && listed.contains("left"), listed);
    }
  }

  @Test
  void withAFileRevocationsOutliveARestart() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "page"))) {
      String token = token(bmc.port(), "one", Instant.now());
      try (GatewayFixture gateway = gatewayWithFile(bmc.port())) {
        Answer answer = revoke(gateway, "{\"jti\":\"one\"}");
        assertTrue(answer.text().contains("\"kept\":true"), answer::text);
      }
      try (GatewayFixture gateway = gatewayWithFile(bmc.port())) {
        assertEquals(401, status(gateway, "/", cookie(token)));
      }
    }
  }

  @Test
  void aLineThatIsAddedToTheFileCutsWhatRuns() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::pageOrSocket);
        GatewayFixture gateway = gatewayWithFile(bmc.port());
        RawClient console = new RawClient(gateway.port())) {
      String token = token(bmc.port(), "one", Instant.now());
      assertEquals(101, console.get("/kvm", cookie(token) + UPGRADE).status());
      Files.writeString(file(), "not a revocation\n{\"bmc\":\"127.0.0.1\"}\n");
      byte[] frame = console.in().readNBytes(4);
      assertEquals(4401, (frame[2] & 0xff) << 8 | frame[3] & 0xff);
    }
  }
}
