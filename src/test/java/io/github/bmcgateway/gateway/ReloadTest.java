package io.github.bmcgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.TestKeys;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.LogLines;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.token.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Settings that change under a running gateway, and what runs meanwhile. */
class ReloadTest {
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String ADMIN = "an-admins-key-" + TestKeys.FIRST;
  private static final String REVOCATIONS = "/.gateway/admin/revocations";

  /** What the first BMC says when the settings have changed. */
  private final CompletableFuture<Exchange> downloading = new CompletableFuture<>();

  private final CompletableFuture<Exchange> console = new CompletableFuture<>();

  private static TestTokens token(int port, String key) {
    return TestTokens.token("127.0.0.1", Instant.now().plusSeconds(600))
        .claim("port", port)
        .claim("vendor", "generic")
        .key(key);
  }

  private static String cookie(String token) {
    return "Cookie: pm-session=" + token + "\r\n";
  }

  private static Answer get(GatewayFixture gateway, String target, String headers)
      throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      return client.get(target, headers);
    }
  }

  private static int follow(GatewayFixture gateway, TestTokens token) {
    try {
      return get(gateway, "/gpsession?token=" + token.build(), "").status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the file as an editor does that is careful: a whole one takes the place of the other.
   */
  private static void change(GatewayFixture gateway, String yaml) throws IOException {
    Path fresh = gateway.settings().resolveSibling("gateway.yaml.new");
    Files.writeString(fresh, yaml);
    Files.move(fresh, gateway.settings(), StandardCopyOption.REPLACE_EXISTING);
  }

  private void script(Exchange exchange) throws IOException {
    String line = exchange.requestLine();
    if (line.startsWith("GET /kvm")) {
      exchange.upgrade("");
      console.complete(exchange);
      exchange.in().readAllBytes();
    } else if (line.startsWith("GET /file")) {
      exchange.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbegun");
      downloading.complete(exchange);
    } else {
      exchange.ok("", "page");
    }
  }

  @Test
  void aChangeOfEveryKindServesNewRequestsAndRunningOnesGoOn() throws Exception {
    try (ScriptedBmc first = ScriptedBmc.start(this::script);
        ScriptedBmc second = ScriptedBmc.start(exchange -> exchange.ok("", exchange.head()));
        GatewayFixture gateway = GatewayFixture.start(first.port());
        RawClient download = new RawClient(gateway.port());
        RawClient socket = new RawClient(gateway.port())) {
      TestTokens old = token(first.port(), Tokens.KEY);
      download.send("GET /file HTTP/1.1\r\nHost: localhost\r\n" + cookie(old.build()) + "\r\n");
      Exchange file = downloading.get(10, TimeUnit.SECONDS);
      assertEquals(101, socket.get("/kvm", cookie(old.build()) + UPGRADE).status());

      Path vendors = Files.createDirectory(gateway.settings().resolveSibling("vendors"));
      Files.writeString(vendors.resolve("acme.yaml"), "title: Acme BMC");
      change(gateway, everythingElse(second.port()));
      TestTokens fresh = token(second.port(), TestKeys.FIRST).claim("iss", "shop");
      Eventually.holds("change in force", () -> follow(gateway, fresh) == 302);

      assertObeyed(gateway, first, second);
      assertEquals(200, get(gateway, "/.gateway/ready", "").status());
      assertEquals(401, follow(gateway, old));
      assertEquals(302, follow(gateway, fresh.claim("vendor", "acme")));
      file.say("ended");
      assertEquals("begunended", download.answer().text());
      console.get(10, TimeUnit.SECONDS).say("\u0081\u0002hi");
      assertArrayEquals("\u0081\u0002hi".getBytes(ISO_8859_1), socket.in().readNBytes(4));
    }
  }

  private static String everythingElse(int port) {
    return """
        token: {key: %s, issuer: shop}
        session: {publicHosts: localhost}
        bmc:
          networks: 127.0.0.0/8
          ports: %d
          overrides: [{address: 127.0.0.1, host: bmc.lab}]
        gateway: {trustedProxies: 127.0.0.1}
        proxy: {spoolMax: 10 B, answerTimeout: 7s, connectTimeout: 7s}
        admin: {key: %s}
        limits: {linksPerMinute: 100000}
        """
        .formatted(TestKeys.FIRST, port, ADMIN);
  }

  private static void assertObeyed(GatewayFixture gateway, ScriptedBmc first, ScriptedBmc second)
      throws IOException {
    TestTokens fresh = token(second.port(), TestKeys.FIRST);
    assertEquals(401, follow(gateway, fresh), "no issuer");
    String session = cookie(fresh.claim("iss", "shop").build());
    Answer page = get(gateway, "/", session);
    assertTrue(page.text().contains("Host: bmc.lab\r\n"), page::text);
    TestTokens gone = token(first.port(), TestKeys.FIRST).claim("iss", "shop");
    assertEquals(403, get(gateway, "/", cookie(gone.build())).status());
    assertEquals(421, get(gateway, "/", session + "X-Forwarded-Host: elsewhere\r\n").status());
    String body = "Transfer-Encoding: chunked\r\n\r\nb\r\nmore than 10\r\n0\r\n";
    assertEquals(413, post(gateway, session + body));
    assertEquals(
        200, get(gateway, REVOCATIONS, "Authorization: Bearer " + ADMIN + "\r\n").status());
  }

  private static int post(GatewayFixture gateway, String rest) throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      return client.request("POST", "/", rest).status();
    }
  }

  @Test
  void aChangedPinHoldsForNewRequestsAndRunningOnesGoOn() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::script);
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient download = new RawClient(gateway.port());
        RawClient socket = new RawClient(gateway.port())) {
      String session = cookie(token(bmc.port(), Tokens.KEY).build());
      assertEquals(200, get(gateway, "/", session).status());
      download.send("GET /file HTTP/1.1\r\nHost: localhost\r\n" + session + "\r\n");
      Exchange file = downloading.get(10, TimeUnit.SECONDS);
      assertEquals(101, socket.get("/kvm", session + UPGRADE).status());

      String settings = Files.readString(gateway.settings());
      change(gateway, settings.replace("bmc:\n", "bmc:\n" + pins("ab".repeat(32))));
      Eventually.holds("refused", () -> status(gateway, session) == 502);
      int heard = bmc.exchanges().size();
      assertEquals(502, get(gateway, "/", session).status());
      assertEquals(502, get(gateway, "/kvm", session + UPGRADE).status());
      assertEquals(heard, bmc.exchanges().size());
      file.say("ended");
      assertEquals("begunended", download.answer().text());
      console.get(10, TimeUnit.SECONDS).say("\u0081\u0002hi");
      assertArrayEquals("\u0081\u0002hi".getBytes(ISO_8859_1), socket.in().readNBytes(4));
    }
  }

  private static String pins(String fingerprint) {
    return "  pins: [{address: 127.0.0.1, sha256: " + fingerprint + "}]\n";
  }

  private static int status(GatewayFixture gateway, String session) {
    try {
      return get(gateway, "/", session).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatCannotBeUsedLeavesTheOldInForce() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::script);
        ReservedPort noServer = new ReservedPort();
        LogLines log = LogLines.open();
        GatewayFixture gateway = GatewayFixture.start(bmc.port())) {
      String session = cookie(token(bmc.port(), Tokens.KEY).build());
      String good = Files.readString(gateway.settings());
      change(
          gateway, good.replace("token:", "token:\n  jwks: https://localhost:" + noServer.port()));
      Eventually.holds("refused", () -> !log.with("token.jwks: the keys could").isEmpty());
      assertEquals(200, get(gateway, "/", session).status());
      change(gateway, good.replace("bmc:\n", "bmc:\n" + pins("5F:3A")));
      Eventually.holds("refused", () -> !log.with("stay in force: bmc.pins").isEmpty());
      assertEquals(200, get(gateway, "/", session).status());
      assertEquals(200, get(gateway, "/.gateway/ready", "").status());
      assertEquals(1, log.with("stay in force: bmc.pins").size());
    }
    Eventually.holds("no thread is left", () -> !isWatched());
  }

  private static boolean isWatched() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("bmc-gateway-files"));
  }

  @Test
  void aOneTimeSessionThatIsOpenedAfterARotationIsGoodAtAnotherNode() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::script);
        GatewayFixture rotated = GatewayFixture.start(bmc.port());
        GatewayFixture other = GatewayFixture.start(bmc.port())) {
      String rotation = Files.readString(rotated.settings()).replace(Tokens.KEY, TestKeys.FIRST);
      change(rotated, rotation);
      change(other, rotation);
      TestTokens plain = token(bmc.port(), TestKeys.FIRST);
      Eventually.holds("rotated", () -> follow(rotated, plain) == 302);
      Eventually.holds("rotated", () -> follow(other, plain) == 302);
      String token = plain.claim("once", true).build();
      String cookie = use(rotated, token);
      assertEquals(401, get(other, "/", cookie(token)).status());
      assertEquals(200, get(rotated, "/", "Cookie: " + cookie + "\r\n").status());
      assertEquals(200, get(other, "/", "Cookie: " + cookie + "\r\n").status());
    }
  }

  /** Uses a one-time link as its page's button does. */
  private static String use(GatewayFixture gateway, String token) throws IOException {
    String form = "token=" + token;
    try (RawClient client = new RawClient(gateway.port())) {
      Answer answer =
          client
              .send(
                  "POST /gpsession HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
                      + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                      + form.length()
                      + "\r\n\r\n"
                      + form)
              .answer("POST");
      assertEquals(302, answer.status(), answer::text);
      return answer.values("Set-Cookie").stream()
          .filter(cookie -> cookie.startsWith("pm-session="))
          .findFirst()
          .orElseThrow()
          .split(";")[0];
    }
  }
}
