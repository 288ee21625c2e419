package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import io.github.bmcgateway.testing.Tokens;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What reaches a BMC at a time stays within what it bears, and is shared out evenly. */
class AdmissionTest {
  private static final int MANY = 60;
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private final ExecutorService browsers = Executors.newFixedThreadPool(MANY);
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void stop() {
    gate.countDown();
    browsers.shutdownNow();
  }

  private static String session(int port, String vendor) {
    return "Cookie: pm-session=" + Tokens.mint(port, vendor) + "\r\n";
  }

  private Future<Integer> ask(GatewayFixture gateway, String target, String headers) {
    return browsers.submit(
        () -> {
          try (RawClient browser = new RawClient(gateway.port())) {
            return browser.get(target, headers).status();
          }
        });
  }

  /** Sixty requests of two sessions at once; all are answered. */
  private void flood(int port, String vendor) throws Exception {
    try (GatewayFixture gateway = GatewayFixture.start(port)) {
      List<String> sessions = List.of(session(port, vendor), session(port, vendor));
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        answers.add(ask(gateway, "/", sessions.get(i % 2)));
      }
      for (Future<Integer> answer : answers) {
        assertTrue(answer.get(30, TimeUnit.SECONDS) < 500);
      }
    }
  }

  @Test
  void anAmiBoardSeesSixConnectionsHoweverManyRequestsCome() throws Exception {
    try (AsrockrackSimulator board = AsrockrackSimulator.builder().start()) {
      flood(board.port(), "asrockrack");
      assertTrue(
          board.recorder().peakConnections() <= 6, () -> "" + board.recorder().peakConnections());
    }
  }

  @Test
  void anIdrac8SeesEightConnectionsHoweverManyRequestsCome() throws Exception {
    try (Idrac8Simulator unit = Idrac8Simulator.builder().start()) {
      flood(unit.port(), "idrac8");
      assertTrue(
          unit.recorder().peakConnections() <= 8, () -> "" + unit.recorder().peakConnections());
    }
  }

  @Test
  void anIlo5SeesSixConnectionsHoweverManyRequestsCome() throws Exception {
    try (Ilo5Simulator unit = Ilo5Simulator.builder().start()) {
      flood(unit.port(), "ilo5");
      assertTrue(
          unit.recorder().peakConnections() <= 6, () -> "" + unit.recorder().peakConnections());
    }
  }

  @Test
  void oneSessionsAssetsDoNotStarveAnothersPage() throws Exception {
    // Two by two: neither connection gets ahead of the other.
    CyclicBarrier both = new CyclicBarrier(2);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  await(gate, 20_000);
                  await(both);
                  exchange.ok("", "x");
                });
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .yaml("limits: {bmcConnections: 2, bmcQueue: 20}")
                .start()) {
      String busy = session(bmc.port(), "generic");
      List<Future<Integer>> assets = new ArrayList<>();
      for (int i = 0; i < 2 + 20 + 1; i++) {
        assets.add(ask(gateway, "/asset", busy));
      }
      Eventually.holds("the queue is full", () -> done(assets) == 1);
      Future<Integer> page = ask(gateway, "/page", session(bmc.port(), "generic"));
      Eventually.holds("the page took a place in it", () -> done(assets) == 2);
      gate.countDown();
      assertEquals(200, page.get(20, TimeUnit.SECONDS));
      List<String> order = bmc.exchanges().stream().map(Exchange::requestLine).toList();
      // By turns it is the fourth, and may swap with the third; in line it is the last of 22.
      assertTrue(order.indexOf("GET /page HTTP/1.1") < 4, () -> "" + order);
    }
  }

  private static long done(List<Future<Integer>> answers) {
    return answers.stream().filter(Future::isDone).count();
  }

  private void answerWhenOpen(Exchange exchange) throws IOException {
    await(gate, 20_000);
    exchange.ok("", "x");
  }

  @Test
  void aLogoutTakesWhatWaitsOutOfTheQueueAndFreesThePlacesOfWhatRuns() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::answerWhenOpen);
        GatewayFixture gateway = GatewayFixture.start(bmc.port())) {
      String leaving = session(bmc.port(), "generic");
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(ask(gateway, "/asset", leaving));
      }
      Eventually.holds("eight requests at the BMC", () -> bmc.exchanges().size() == 8);
      Future<Integer> page = ask(gateway, "/page", session(bmc.port(), "generic"));
      try (RawClient browser = new RawClient(gateway.port())) {
        assertEquals(200, browser.request("POST", "/.gateway/logout", leaving).status());
      }
      for (Future<Integer> answer : answers) {
        assertEquals(401, answer.get(20, TimeUnit.SECONDS));
      }
      Eventually.holds(
          "the other session's page at the BMC",
          () -> bmc.exchanges().stream().anyMatch(e -> e.requestLine().startsWith("GET /page")));
      gate.countDown();
      assertEquals(200, page.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aQueueThatIsFullIsAnswered503() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::answerWhenOpen);
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .yaml("limits: {bmcConnections: 1, bmcQueue: 1}")
                .start()) {
      String session = session(bmc.port(), "generic");
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        answers.add(ask(gateway, "/", session));
      }
      Eventually.holds("one refusal", () -> done(answers) == 1);
      gate.countDown();
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> answer : answers) {
        statuses.add(answer.get(20, TimeUnit.SECONDS));
      }
      assertEquals(List.of(200, 200, 503), statuses.stream().sorted().toList());
    }
  }

  @Test
  void aSocketOverTheLimitIsRefusedAndTheNextMayComeWhenOneIsGone() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(AdmissionTest::upgrade);
        GatewayFixture gateway = GatewayFixture.start(bmc.port())) {
      String session = session(bmc.port(), "asrockrack");
      List<RawClient> open = new ArrayList<>();
      for (int i = 0; i < 14 - 6; i++) {
        open.add(new RawClient(gateway.port()));
        assertEquals(101, open.get(i).get("/kvm", session + UPGRADE).status());
      }
      try (RawClient browser = new RawClient(gateway.port())) {
        RawClient.Answer refused = browser.get("/kvm", session + UPGRADE);
        assertEquals(503, refused.status());
        assertTrue(refused.text().contains("busy"), refused::text);
        assertEquals(8, bmc.exchanges().size());
        open.get(0).close();
        Eventually.holds("a free place", () -> status(browser, session) == 101);
      } finally {
        for (RawClient browser : open) {
          browser.close();
        }
      }
    }
  }

  private static int status(RawClient browser, String session) {
    try {
      return browser.get("/kvm", session + UPGRADE).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void upgrade(Exchange exchange) throws IOException {
    exchange.upgrade("");
    exchange.readUntilGone();
    throw new IOException("closed");
  }

  @Test
  void anAmiBoardsRedfishAnswerIsReadToItsEndWhenTheBrowserHasLeft() throws Exception {
    assertEquals(40, piecesTakenAfterTheBrowserLeft("/redfish/v1/Systems", exchange -> {}));
  }

  @Test
  void anyOtherAnswerIsBrokenOffWhenTheBrowserHasLeft() throws Exception {
    assertTrue(piecesTakenAfterTheBrowserLeft("/api/settings", AdmissionTest::awaitHangingUp) < 40);
  }

  private static void awaitHangingUp(Exchange exchange) throws IOException {
    exchange.socket().setSoTimeout(20_000);
    try {
      exchange.readUntilGone();
    } catch (SocketTimeoutException stillThere) {
      return;
    }
    throw new EOFException("the gateway has hung up");
  }

  /** How many of 40 pieces of an answer, 50 ms apart, the BMC could write. */
  private int piecesTakenAfterTheBrowserLeft(String path, Script beforeTheLast) throws Exception {
    AtomicInteger written = new AtomicInteger();
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  try {
                    drip(exchange, written, beforeTheLast);
                  } finally {
                    over.countDown();
                  }
                });
        GatewayFixture gateway = GatewayFixture.start(bmc.port())) {
      try (RawClient browser = new RawClient(gateway.port())) {
        browser.send(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + session(bmc.port(), "asrockrack")
                + "\r\n");
        browser.line();
      }
      assertTrue(over.await(30, TimeUnit.SECONDS));
      return written.get();
    }
  }

  private void drip(Exchange exchange, AtomicInteger written, Script beforeTheLast)
      throws IOException {
    String piece = "x".repeat(10_000);
    exchange.say("HTTP/1.1 200 OK\r\nContent-Length: " + 40 * piece.length() + "\r\n\r\n");
    for (int i = 0; i < 40; i++) {
      if (i == 39) {
        beforeTheLast.answer(exchange);
      }
      exchange.say(piece);
      written.incrementAndGet();
      await(gate, 50);
    }
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  private static void await(CountDownLatch latch, long millis) throws IOException {
    try {
      latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }
}
