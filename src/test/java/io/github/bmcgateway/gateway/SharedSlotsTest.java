package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.LimitedBmc;
import io.github.bmcgateway.testing.LimitedBmc.Bounds;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All that a gateway wants of a BMC has room in the connections that the BMC bears. */
class SharedSlotsTest {
  private static final int ASSETS = 60;
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private final ExecutorService browsers = Executors.newFixedThreadPool(ASSETS);

  @AfterEach
  void stop() {
    browsers.shutdownNow();
  }

  private static GatewayFixture gateway(String limits, int... ports) throws Exception {
    return GatewayFixture.builder(ports)
        .vendor("acme", "{title: Acme BMC, limits: {" + limits + "}}")
        .start();
  }

  private static String session(LimitedBmc bmc) {
    return "Cookie: pm-session=" + Tokens.mint(bmc.port(), "acme") + "\r\n";
  }

  /** A session whose BMC is asked for its vendor, and says nothing that tells it. */
  private static String unknown(LimitedBmc bmc) {
    return "Cookie: pm-session=" + Tokens.mint(bmc.port(), 1800, claims -> {}) + "\r\n";
  }

  private List<Future<Integer>> ask(GatewayFixture gateway, String session, int times) {
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String target = "/asset" + i;
      answers.add(
          browsers.submit(
              () -> {
                try (RawClient browser = new RawClient(gateway.port())) {
                  return browser.get(target, session).status();
                }
              }));
    }
    return answers;
  }

  private static void assertAnswered(List<Future<Integer>> answers) throws Exception {
    for (Future<Integer> answer : answers) {
      assertEquals(200, answer.get(30, TimeUnit.SECONDS));
    }
  }

  private static int upgrade(RawClient browser, String session) throws Exception {
    return browser.get("/console", session + UPGRADE).status();
  }

  @Test
  void pagesConsolesAndTheQuestionForTheVendorTogetherStayWithinWhatItBears() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE.places(5).work(Duration.ofMillis(5)));
        GatewayFixture gateway = gateway("requests: 3, connections: 5", bmc.port());
        RawClient console = new RawClient(gateway.port());
        RawClient another = new RawClient(gateway.port());
        RawClient third = new RawClient(gateway.port())) {
      String session = session(bmc);
      List<Future<Integer>> assets = ask(gateway, session, 25);
      assertEquals(101, upgrade(console, session));
      List<Future<Integer>> others = ask(gateway, unknown(bmc), 25);
      assertEquals(101, upgrade(another, session));
      assertEquals(503, upgrade(third, session));
      assertAnswered(assets);
      assertAnswered(others);
      assertEquals(0, bmc.refused());
      assertTrue(bmc.peak() <= 5, () -> bmc.peak() + " connections");
    }
  }

  @Test
  void whatIsUnusedGivesWayToAConsole() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE.places(2));
        GatewayFixture gateway = gateway("requests: 1, connections: 2", bmc.port());
        RawClient console = new RawClient(gateway.port())) {
      assertAnswered(ask(gateway, unknown(bmc), 1));
      assertAnswered(ask(gateway, session(bmc), 1));
      int before = bmc.connections();
      assertEquals(2, bmc.open());
      assertEquals(101, upgrade(console, session(bmc)));
      assertEquals(before + 1, bmc.connections());
      assertEquals(2, bmc.open());
      assertEquals(0, bmc.refused());
    }
  }

  @Test
  void aConsolesSlotIsFreeWhenItIsOver() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE.places(2));
        GatewayFixture gateway = gateway("requests: 1, connections: 2", bmc.port())) {
      for (int i = 0; i < 2; i++) {
        try (RawClient console = new RawClient(gateway.port())) {
          Eventually.holds("there is room for one", () -> tryUpgrade(console, bmc) == 101);
        }
        assertAnswered(ask(gateway, session(bmc), 1));
      }
      assertEquals(0, bmc.refused());
    }
  }

  private static int tryUpgrade(RawClient browser, LimitedBmc bmc) {
    try {
      return upgrade(browser, session(bmc));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPageOfManyAssetsUsesTheSameFewConnectionsForAll() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE.places(4).work(Duration.ofMillis(40)));
        GatewayFixture gateway = gateway("requests: 4, connections: 4", bmc.port())) {
      assertAnswered(ask(gateway, session(bmc), ASSETS));
      assertEquals(ASSETS, bmc.lines().size());
      assertTrue(bmc.connections() <= 4, () -> bmc.connections() + " connections");
      assertEquals(0, bmc.refused());
    }
  }

  @Test
  void aBmcThatHangsHoldsNothingThatAnotherNeeds() throws Exception {
    try (LimitedBmc hanging = LimitedBmc.start(Bounds.NONE.work(Duration.ofMinutes(5)));
        LimitedBmc well = LimitedBmc.start(Bounds.NONE);
        GatewayFixture gateway =
            gateway("requests: 4, connections: 6", hanging.port(), well.port())) {
      long before = threads();
      ask(gateway, session(hanging), ASSETS - 10);
      Eventually.holds("what it bears hangs", () -> hanging.lines().size() == 4);
      assertAnswered(ask(gateway, session(well), 10));
      assertTrue(threads() < before + 20, () -> before + " threads, then " + threads());
    }
  }

  /** The gateway's own. */
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("bmc-gateway"))
        .count();
  }
}
