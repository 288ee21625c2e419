package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.Recorder;
import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How the gateway as a whole comes to know a BMC's vendor: claim, else override, else probes. */
class VendorsTest {
  private static final String ILO = "<script src=\"js/iLO.js\"></script>";
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
          + "Sec-WebSocket-Protocol: lws-dvc-protocol\r\n";

  @Test
  void anIdrac8IsKnownFromItsFirstRequestOn() throws Exception {
    try (Idrac8Simulator bmc = Idrac8Simulator.builder().start()) {
      // Only with the profile does the answer have the header without which the page stays blank.
      assertEquals(
          List.of("en"),
          firstAnswer("idrac8", bmc.port(), bmc.recorder(), "/session?aimGetProp=fwVersionFull")
              .values("X_Language"));
    }
  }

  @Test
  void anIdrac9IsKnownFromItsFirstRequestOn() throws Exception {
    try (Idrac9Simulator bmc = Idrac9Simulator.builder().start()) {
      // Only with the profile is it asked for gzip, without which it has no such page.
      assertEquals(
          200, firstAnswer("idrac9", bmc.port(), bmc.recorder(), "/restgui/start.html").status());
    }
  }

  @Test
  void anIlo5IsKnownFromItsFirstRequestOn() throws Exception {
    try (Ilo5Simulator bmc = Ilo5Simulator.builder().start()) {
      assertEquals(200, firstAnswer("ilo5", bmc.port(), bmc.recorder(), "/").status());
    }
  }

  @Test
  void anAsrockRackIsKnownFromItsFirstRequestOn() throws Exception {
    try (AsrockrackSimulator bmc = AsrockrackSimulator.builder().start()) {
      // Only with the profile does the gateway itself answer what the board has no page for.
      assertEquals(
          List.of("/"),
          firstAnswer("asrockrack", bmc.port(), bmc.recorder(), "/?x=y").values("Location"));
    }
  }

  private static Answer firstAnswer(String vendor, int port, Recorder recorder, String target)
      throws Exception {
    try (GatewayFixture gateway = GatewayFixture.start(port);
        RawClient browser = new RawClient(gateway.port())) {
      String cookie = cookie(port);
      assertEquals("generic", shownVendor(browser, cookie));
      assertTrue(
          browser
              .get("/.gateway/", cookie + "Accept: text/html\r\n")
              .text()
              .contains("not yet known"));
      assertEquals(0, recorder.requests().size(), "asking for the session asks no BMC");
      Answer answer = browser.get(target, cookie);
      assertEquals(vendor, shownVendor(browser, cookie));
      assertEquals(List.of(), recorder.violations());
      return answer;
    }
  }

  @Test
  void firstRequestsOfAllKindsComeThroughAtTheSameTimeAndTheBmcIsAskedOnce() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  String body = read(exchange);
                  String target = target(exchange);
                  if (target.startsWith("/x")) {
                    exchange.ok("", exchange.requestLine() + " " + body);
                  } else {
                    page(exchange, "/", ILO);
                  }
                });
        GatewayFixture gateway = GatewayFixture.start(bmc.port())) {
      String cookie = cookie(bmc.port());
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        answers.add(threads.submit(() -> send(gateway, "GET /x//[1]|?a=%zz", cookie, "")));
        answers.add(
            threads.submit(
                () -> send(gateway, "POST /x", cookie + "Content-Length: 4\r\n", "body")));
        answers.add(
            threads.submit(
                () ->
                    send(
                        gateway,
                        "POST /x",
                        cookie + "Transfer-Encoding: chunked\r\n",
                        "4\r\nbody\r\n0\r\n\r\n")));
      }
      for (int i = 0; i < answers.size(); i++) {
        String expected = i % 3 == 0 ? "GET /x//[1]|?a=%zz HTTP/1.1 " : "POST /x HTTP/1.1 body";
        assertEquals(expected, answers.get(i).get());
      }
      assertEquals(1, targets(bmc).stream().filter("/"::equals).count(), targets(bmc).toString());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anUpgradeMayBeTheFirstRequest() throws Exception {
    try (ScriptedBmc console = ScriptedBmc.start(VendorsTest::forbidden);
        ScriptedBmc bmc = ScriptedBmc.start(VendorsTest::idrac8);
        GatewayFixture gateway = GatewayFixture.start(bmc.port(), console.port());
        RawClient browser = new RawClient(gateway.port())) {
      String token =
          Tokens.mint(bmc.port(), 1800, claims -> claims.claim("console_port", console.port()));

      assertEquals(
          403, browser.get("/", UPGRADE + "Cookie: pm-session=" + token + "\r\n").status());

      assertEquals(List.of("lws-dvc-protocol"), console.last().values("Sec-WebSocket-Protocol"));
      assertEquals(1, console.exchanges().size());
    }
  }

  @Test
  void aClaimWinsOverAnOverrideAndNothingIsAsked() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ILO));
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .bmc("overrides: [{address: 127.0.0.1, vendor: idrac8, host: other.lab}]")
                .start();
        RawClient browser = new RawClient(gateway.port())) {
      String token =
          Tokens.mint(
              bmc.port(),
              1800,
              claims -> claims.claim("vendor", "asrockrack").claim("host", "own.lab"));
      String cookie = "Cookie: pm-session=" + token + "\r\n";

      assertEquals("asrockrack", shownVendor(browser, cookie));
      assertEquals(200, browser.get("/page", cookie).status());

      assertEquals(List.of("/page"), targets(bmc));
      assertEquals(List.of("own.lab"), bmc.last().values("Host"));
    }
  }

  @Test
  void anOverrideWinsOverWhatTheBmcSaysAndNothingIsAsked() throws Exception {
    try (ScriptedBmc console = ScriptedBmc.start(VendorsTest::forbidden);
        ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ILO));
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port(), console.port())
                .bmc(
                    "overrides: [{address: 127.0.0.1, host: bmc-7.lab, consolePort: "
                        + console.port()
                        + "}, {address: 127.0.0.0/8, vendor: idrac8, host: no.lab}]")
                .start();
        RawClient browser = new RawClient(gateway.port())) {
      String cookie = cookie(bmc.port());

      assertEquals("idrac8", shownVendor(browser, cookie));
      assertEquals(200, browser.get("/page", cookie).status());
      assertEquals(403, browser.get("/", UPGRADE + cookie).status());

      assertEquals(List.of("/page"), targets(bmc));
      assertEquals(List.of("bmc-7.lab"), bmc.last().values("Host"));
      assertEquals(1, console.exchanges().size());
    }
  }

  @Test
  void aConsolePortThatMayNotBeDialledIsRefusedAtTheDial() throws Exception {
    try (ScriptedBmc console = ScriptedBmc.start(VendorsTest::forbidden);
        ScriptedBmc bmc = ScriptedBmc.start(VendorsTest::idrac8);
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      String token =
          Tokens.mint(bmc.port(), 1800, claims -> claims.claim("console_port", console.port()));

      Answer answer = browser.get("/", UPGRADE + "Cookie: pm-session=" + token + "\r\n");

      assertEquals(403, answer.status());
      assertTrue(answer.text().contains("\"target_denied\""), answer.text());
      assertEquals(0, console.exchanges().size());
    }
  }

  @Test
  void aDeadBmcGetsTheUsualPageAndIsAskedAgain() throws Exception {
    try (ReservedPort port = new ReservedPort();
        GatewayFixture gateway = GatewayFixture.start(port.port());
        RawClient browser = new RawClient(gateway.port())) {
      String cookie = cookie(port.port());
      Answer dead = browser.get("/", cookie + "Accept: text/html\r\n");
      assertEquals(502, dead.status());
      assertTrue(dead.text().contains("502 bmc_unreachable"), dead.text());
      assertEquals(502, browser.get("/", UPGRADE + cookie).status());
      assertEquals("generic", shownVendor(browser, cookie));
      try (Ilo5Simulator bmc = Ilo5Simulator.builder().port(port.port()).start()) {
        assertEquals(200, browser.get("/", cookie).status());
        assertEquals("ilo5", shownVendor(browser, cookie));
      }
    }
  }

  @Test
  void theOperatorsOwnProfileAddsAVendorThatIsDetectedToo() throws Exception {
    String acme =
        """
        title: Acme BMC
        detect: [{path: "/acme", status: 200, body: "Acme [0-9]"}]
        responseHeaders: [{path: ".*", name: X-Acme, value: "yes"}]
        """;
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> page(exchange, "/acme", "Acme 7"));
        GatewayFixture gateway = GatewayFixture.builder(bmc.port()).vendor("acme", acme).start();
        RawClient browser = new RawClient(gateway.port())) {
      String cookie = cookie(bmc.port());
      assertEquals(List.of("yes"), browser.get("/acme", cookie).values("X-Acme"));
      assertEquals("acme", shownVendor(browser, cookie));
      String home = browser.get("/.gateway/", cookie + "Accept: text/html\r\n").text();
      assertTrue(home.contains("<dd>Acme BMC</dd>"), home);
    }
  }

  @Test
  void aBadProfileOrAnUnknownVendorStopsTheStart() {
    assertThrows(
        Exception.class,
        () -> GatewayFixture.builder(1).vendor("acme", "titel: Acme").start().close());
    assertThrows(
        Exception.class,
        () ->
            GatewayFixture.builder(1)
                .bmc("overrides: [{address: 127.0.0.1, vendor: acme}]")
                .start()
                .close());
  }

  private static String send(GatewayFixture gateway, String line, String headers, String body)
      throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      browser.send(line + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body);
      return browser.answer().text();
    }
  }

  private static String shownVendor(RawClient browser, String cookie) throws IOException {
    String session = browser.get("/.gateway/session", cookie).text();
    assertFalse(session.isEmpty());
    return session.replaceAll(".*\"vendor\":\"([^\"]*)\".*", "$1");
  }

  private static String cookie(int port) {
    return "Cookie: pm-session=" + Tokens.mint(port, 1800, claims -> {}) + "\r\n";
  }

  private static List<String> targets(ScriptedBmc bmc) {
    return bmc.exchanges().stream().map(VendorsTest::target).toList();
  }

  private static String target(Exchange exchange) {
    return exchange.requestLine().split(" ")[1];
  }

  private static String read(Exchange exchange) throws IOException {
    return new String(exchange.body(), StandardCharsets.ISO_8859_1);
  }

  private static void page(Exchange exchange, String path, String page) throws IOException {
    if (target(exchange).equals(path)) {
      exchange.ok("", page);
    } else {
      exchange.say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
  }

  private static void idrac8(Exchange exchange) throws IOException {
    if (target(exchange).equals("/")) {
      exchange.say(
          "HTTP/1.1 302 Found\r\nLocation: /start.html\r\nContent-Type: application/x-gzip\r\n"
              + "Content-Length: 0\r\n\r\n");
    } else {
      page(exchange, "", "");
    }
  }

  private static void forbidden(Exchange exchange) throws IOException {
    exchange.say("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  }
}
