package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jwt.JWTClaimsSet;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.WrittenLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the audit says of a gateway's day, and what neither it nor any log ever says. */
class AuditTest {
  private static final String ADMIN_KEY = "vR7pXq2LmZ8sTd4KwYb9NcHf3JgUa6Ee";
  private static final String SECRET = "PlantedSecret";
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String SECRETS =
      "X-Auth-Token: "
          + SECRET
          + "\r\nAuthorization: Basic "
          + SECRET
          + "\r\nST2: "
          + SECRET
          + "\r\nX-Planted: "
          + SECRET
          + "\r\n";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> listener =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          String trace =
              event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy());
          logged.add(event.getLoggerName() + " " + event.getFormattedMessage() + trace);
        }
      };
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger category = (Logger) LoggerFactory.getLogger("audit");
  private final Logger own = (Logger) LoggerFactory.getLogger("io.github.bmcgateway");

  @BeforeEach
  void listen() {
    listener.start();
    root.addAppender(listener);
    category.setLevel(Level.INFO);
    own.setLevel(Level.DEBUG);
  }

  @AfterEach
  void stop() {
    own.setLevel(null);
    category.setLevel(null);
    root.detachAppender(listener);
  }

  private GatewayFixture gateway(int... ports) throws Exception {
    return GatewayFixture.builder(ports)
        .yaml("admin: {key: " + ADMIN_KEY + "}\nops: {auditLog: " + file() + "}")
        .start();
  }

  private Path file() {
    return folder.resolve("audit.jsonl");
  }

  private Stream<JsonNode> lines(Map<String, String> having) {
    return WrittenLines.of(file()).stream()
        .map(AuditTest::parse)
        .filter(
            line ->
                having.entrySet().stream()
                    .allMatch(e -> e.getValue().equals(line.path(e.getKey()).asText())));
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  /** The one line that has these values. */
  private JsonNode line(Map<String, String> having) {
    Eventually.holds("a line with " + having, () -> lines(having).count() == 1);
    return lines(having).findFirst().orElseThrow();
  }

  private static String token(int port, String jti) {
    return Tokens.mint(
        port, 1800, claims -> claims.claim("vendor", "generic").jwtID(jti).subject("ada"));
  }

  private static String cookie(String token) {
    return "Cookie: pm-session=" + token + "; bmc=" + SECRET + "\r\n";
  }

  private static RawClient.Answer get(GatewayFixture gateway, String target, String headers)
      throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      return browser.get(target, headers);
    }
  }

  private static RawClient.Answer post(
      GatewayFixture gateway, String target, String headers, String body) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      String length = "Content-Length: " + body.length() + "\r\n";
      browser.send(
          "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + length + "\r\n" + body);
      return browser.answer();
    }
  }

  private static void answer(Exchange exchange) throws IOException {
    if (exchange.requestLine().startsWith("GET /kvm")) {
      exchange.upgrade("");
      exchange.greetUntilClosed();
      throw new IOException("closed");
    }
    if (exchange.requestLine().startsWith("GET /cut")) {
      exchange.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
      throw new IOException("cut");
    }
    exchange.body();
    exchange.ok("Set-Cookie: s=" + SECRET + "\r\n", "<h1>" + SECRET + "</h1>");
  }

  @Test
  void aDayIsWrittenDownAndNoSecretIsInIt() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(AuditTest::answer);
        GatewayFixture gateway = gateway(bmc.port(), 1)) {
      String token = token(bmc.port(), "one");
      String other = token(bmc.port(), "two");

      assertEquals(302, get(gateway, "/gpsession?token=" + token, "").status());
      JsonNode start = line(Map.of("event", "session_start"));
      assertEquals("ada one 127.0.0.1 127.0.0.1 generic GET /gpsession", who(start));
      assertTrue(start.get("request").textValue().matches("[0-9a-f]{16,}"));

      String body = "user=root&password=" + SECRET;
      int sent =
          post(gateway, "/login;key=" + SECRET + "?ST1=" + SECRET, cookie(token) + SECRETS, body)
              .body()
              .length;
      JsonNode request = line(Map.of("event", "request", "path", "/login"));
      assertEquals("ada one 127.0.0.1 127.0.0.1 generic POST /login", who(request));
      assertEquals(200, request.get("status").intValue());
      assertEquals(body.length(), request.get("bytes_in").intValue());
      assertEquals(sent, request.get("bytes_out").intValue());
      assertTrue(request.has("ms") && !request.has("error"));

      try (RawClient console = new RawClient(gateway.port())) {
        String target = "/kvm?VCSID=" + SECRET;
        assertEquals(101, console.get(target, cookie(token) + UPGRADE).status());
        assertEquals(5, console.in().readNBytes(5).length);
        console.out().write(new byte[] {(byte) 0x82, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
        console.out().write(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x0f, (byte) 0xa1});
        console.out().flush();
        JsonNode begun = line(Map.of("event", "console_start", "path", "/kvm"));
        JsonNode over = line(Map.of("event", "console_end", "path", "/kvm"));
        assertEquals(begun.get("request"), over.get("request"));
        assertEquals(
            "2 3 4001",
            over.get("bytes_in")
                + " "
                + over.get("bytes_out")
                + " "
                + over.get("reason").textValue());
      }
      assertEquals(0, lines(Map.of("event", "request", "path", "/kvm")).count());

      assertEquals(401, get(gateway, "/gpsession?token=" + token + "x", "").status());
      line(Map.of("event", "denied", "error", "invalid_token", "path", "/gpsession"));
      assertEquals(401, get(gateway, "/?x=" + SECRET, SECRETS).status());
      JsonNode denied = line(Map.of("event", "denied", "error", "no_session"));
      assertFalse(denied.has("sub") || denied.has("bytes_in"));

      assertEquals(502, get(gateway, "/", cookie(token(1, "three"))).status());
      JsonNode failed = line(Map.of("event", "request", "jti", "three"));
      assertEquals("bmc_unreachable", failed.get("error").textValue());

      assertEquals(200, post(gateway, "/.gateway/logout", cookie(other), "").status());
      line(Map.of("event", "session_end", "jti", "two", "reason", "logged_out"));
      assertEquals(401, get(gateway, "/", cookie(other)).status());
      line(Map.of("event", "denied", "reason", "logged_out"));

      try (RawClient console = new RawClient(gateway.port())) {
        assertEquals(101, console.get("/kvm2", cookie(token) + UPGRADE).status());
        revoke(gateway);
      }
      JsonNode revoked = line(Map.of("event", "revoked", "jti", "one"));
      assertEquals("left", revoked.get("reason").textValue());
      assertTrue(revoked.has("request") && revoked.has("client") && !revoked.has("sub"));
      line(Map.of("event", "session_end", "jti", "one", "reason", "revoked"));
      line(Map.of("event", "console_end", "path", "/kvm2", "reason", "4401"));
      assertEquals(401, get(gateway, "/", cookie(token)).status());
      line(Map.of("event", "denied", "reason", "revoked"));
      assertEquals(401, get(gateway, "/.gateway/admin/revocations", SECRETS).status());
      line(Map.of("event", "denied", "error", "unauthorized"));

      String written = Files.readString(file()) + String.join("\n", logged);
      for (String secret : List.of(SECRET, ADMIN_KEY, token, other, Tokens.KEY, "?")) {
        assertFalse(written.contains(secret), () -> secret + " in " + written);
      }
      assertFalse(written.contains(token.substring(token.lastIndexOf('.') + 1)));
    }
  }

  @Test
  void aRefusalTellsWhichBmcWasRefusedToWhomIfTheTokenIsSigned() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.builder(443)
            .token("issuer: portal")
            .token("audience: gateway")
            .bmc("overrides: [{address: 127.0.0.1, vendor: ilo5}]")
            .yaml("ops: {auditLog: " + file() + "}")
            .start()) {
      List<String> why = List.of("port", "late", "early", "long", "issuer", "audience", "host");
      for (String fault : why) {
        String token = faulty(fault, claims -> {});
        assertTrue(get(gateway, "/", cookie(token)).status() > 400, fault);
        JsonNode denied = line(Map.of("event", "denied", "jti", fault));
        assertEquals("ada " + fault + " 127.0.0.1 127.0.0.1 ilo5 GET /", who(denied));
        assertFalse(Files.readString(file()).contains(token.substring(0, 30)));
      }
      String named = faulty("named", claims -> claims.claim("vendor", "idrac9").claim("port", 444));
      assertEquals(403, get(gateway, "/gpsession?token=" + named, "").status());
      JsonNode refused = line(Map.of("event", "denied", "jti", "named"));
      assertEquals("ada named 127.0.0.1 127.0.0.1 idrac9 GET /gpsession", who(refused));

      String link = "token=" + faulty("once", claims -> claims.claim("once", true));
      String form =
          "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n";
      assertEquals(302, post(gateway, "/gpsession", form, link).status());
      assertEquals(401, post(gateway, "/gpsession", form, link).status());
      JsonNode used = line(Map.of("event", "denied", "reason", "used"));
      assertEquals("ada once 127.0.0.1 127.0.0.1 ilo5 POST /gpsession", who(used));

      String forged = named.substring(0, named.lastIndexOf('.') + 1) + "A".repeat(43);
      assertEquals(401, get(gateway, "/forged", cookie(forged)).status());
      JsonNode signature = line(Map.of("event", "denied", "reason", "signature"));
      assertEquals("- - 127.0.0.1 - - GET /forged", who(signature));
    }
  }

  /** A token that is good but for one thing. */
  private static String faulty(String fault, Consumer<JWTClaimsSet.Builder> more) {
    Date later = Date.from(Instant.now().plusSeconds(3600));
    return Tokens.mint(
        fault.equals("port") ? 444 : 443,
        fault.equals("late") ? -5 : fault.equals("long") ? 200_000 : 1800,
        claims -> {
          claims.jwtID(fault).subject("ada").issuer("portal").audience("gateway");
          switch (fault) {
            case "early" -> claims.notBeforeTime(later);
            case "issuer" -> claims.issuer("another");
            case "audience" -> claims.audience("another");
            case "host" -> claims.audience(List.of("gateway", "pm.example.com"));
            default -> more.accept(claims);
          }
        });
  }

  private static String who(JsonNode line) {
    return Stream.of("sub", "jti", "client", "bmc", "vendor", "method", "path")
        .map(name -> line.path(name).asText("-"))
        .reduce((a, b) -> a + " " + b)
        .orElseThrow();
  }

  private static void revoke(GatewayFixture gateway) throws IOException {
    String headers =
        "Authorization: Bearer " + ADMIN_KEY + "\r\nContent-Type: application/json\r\n";
    String body = "{\"jti\":\"one\",\"reason\":\"left\"}";
    assertEquals(200, post(gateway, "/.gateway/admin/revocations", headers, body).status());
  }

  @Test
  void anAnswerThatIsBrokenOffIsWrittenDown() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(AuditTest::answer);
        GatewayFixture gateway = gateway(bmc.port())) {
      assertFalse(get(gateway, "/cut", cookie(token(bmc.port(), "one"))).complete());
      JsonNode line = line(Map.of("event", "request", "path", "/cut"));
      assertEquals(200, line.path("status").asInt());
    }
  }

  @Test
  void withoutAFileTheLinesAreMessagesOfACategory() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.start(443)) {
      assertEquals(401, get(gateway, "/", "").status());
      Eventually.holds(
          "a line",
          () ->
              logged.stream()
                  .anyMatch(line -> line.startsWith("audit {") && line.contains("no_session")));
    }
  }
}
