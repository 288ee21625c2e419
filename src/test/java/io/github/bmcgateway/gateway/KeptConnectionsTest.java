package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.LimitedBmc;
import io.github.bmcgateway.testing.LimitedBmc.Bounds;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.Scrape;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Connections to a BMC are kept as long, and used as often, as its vendor's profile says. */
class KeptConnectionsTest {
  private static GatewayFixture gateway(LimitedBmc bmc, String limits) throws Exception {
    return GatewayFixture.builder(bmc.port())
        .vendor("acme", "{title: Acme BMC, limits: {" + limits + "}}")
        .start();
  }

  private static int ask(RawClient browser, LimitedBmc bmc, String method) throws Exception {
    String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "acme") + "\r\n";
    String body = "POST".equals(method) ? "Content-Length: 0\r\n" : "";
    return browser.request(method, "/", session + body).status();
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE);
        GatewayFixture gateway = gateway(bmc, "idleSeconds: 60");
        RawClient browser = new RawClient(gateway.port())) {
      for (int i = 0; i < 5; i++) {
        assertEquals(200, ask(browser, bmc, "GET"));
      }
      assertEquals(1, bmc.connections());
    }
  }

  @Test
  void aConnectionIsClosedBeforeItsBmcWouldHangUpOnIt() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE.requests(4));
        GatewayFixture gateway = gateway(bmc, "requestsPerConnection: 3");
        RawClient browser = new RawClient(gateway.port())) {
      for (int i = 0; i < 7; i++) {
        assertEquals(200, ask(browser, bmc, "POST"));
      }
      assertEquals(
          List.of("1", "1", "1", "2", "2", "2", "3"),
          bmc.lines().stream().map(line -> line.substring(0, 1)).toList());
      assertEquals(0, bmc.hungUp());
    }
  }

  @Test
  void aConnectionThatIsUnusedIsClosedBeforeItsBmcWouldHangUpOnIt() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE.idle(Duration.ofSeconds(30)));
        GatewayFixture gateway = gateway(bmc, "idleSeconds: 1");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(200, ask(browser, bmc, "GET"));
      Eventually.holds("it is closed", () -> bmc.open() == 0);
      assertEquals(0, bmc.hungUp());
      assertEquals(200, ask(browser, bmc, "GET"));
      assertEquals(2, bmc.connections());
    }
  }

  @Test
  void anExchangeMayBeSilentLongerThanAConnectionMayBeUnused() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE.work(Duration.ofMillis(1500)));
        GatewayFixture gateway = gateway(bmc, "idleSeconds: 1");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(200, ask(browser, bmc, "GET"));
      assertEquals(1, bmc.lines().size());
    }
  }

  @Test
  void whatCannotBeSentTwiceGoesOnAConnectionThatWasInUseJustNow() throws Exception {
    try (LimitedBmc bmc = LimitedBmc.start(Bounds.NONE);
        GatewayFixture gateway = gateway(bmc, "idleSeconds: 6");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals(200, ask(browser, bmc, "POST"));
      long half = System.nanoTime() + Duration.ofMillis(3200).toNanos();
      Eventually.holds("half of its time is over", () -> System.nanoTime() > half);
      assertEquals(200, ask(browser, bmc, "POST"));
      assertEquals(2, bmc.connections());
      Eventually.holds("the doubtful one is closed", () -> bmc.open() == 1);
    }
  }

  @Test
  void aRequestThatIsSentOnceMoreIsOneRequestAndOneRetry() throws Exception {
    Set<Socket> used = ConcurrentHashMap.newKeySet();
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (!used.add(exchange.socket())) {
                    exchange.socket().close();
                  }
                  exchange.ok("", "ok");
                });
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "generic") + "\r\n";
      assertEquals(200, browser.get("/", session).status());
      assertEquals(200, browser.get("/", session).status());
      assertEquals(3, bmc.exchanges().size());
      Eventually.holds(
          "both are counted",
          () -> count(gateway, "bmc_gateway_requests_total", "to", "bmc", "status", "2xx") == 2);
      assertEquals(1, count(gateway, "bmc_gateway_bmc_retries_total"));
    }
  }

  private static double count(GatewayFixture gateway, String metric, String... labels) {
    try (RawClient prometheus = new RawClient(gateway.port())) {
      return Scrape.parse(prometheus.get("/.gateway/metrics", "").text()).value(metric, labels);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
