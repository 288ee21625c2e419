package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.JWTClaimsSet;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.Scrape;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.WrittenLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cache in the whole gateway: behind all that a request has to pass, and in all that is told.
 */
class KeptFilesTest {
  @TempDir Path folder;

  private static Answer get(GatewayFixture gateway, String target, String token)
      throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      return browser.get(target, "Cookie: pm-session=" + token + "\r\n");
    }
  }

  private static String token(int port, Consumer<JWTClaimsSet.Builder> more) {
    return Tokens.mint(
        port,
        1800,
        claims -> {
          claims.claim("vendor", "ilo5");
          more.accept(claims);
        });
  }

  private static double metric(GatewayFixture gateway, String name, String... labels) {
    try (RawClient prometheus = new RawClient(gateway.port())) {
      return Scrape.parse(prometheus.get("/.gateway/metrics", "").text()).value(name, labels);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoMayAskGetsWhatIsKeptAndItIsToldLikeAnyOtherRequest() throws Exception {
    Path audit = folder.resolve("audit.jsonl");
    try (ScriptedBmc bmc =
            ScriptedBmc.start(exchange -> exchange.ok("Content-Type: text/javascript\r\n", "one"));
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port()).yaml("ops: {auditLog: " + audit + "}").start()) {
      assertEquals(
          "one", get(gateway, "/js/a.js", token(bmc.port(), c -> c.subject("ada"))).text());
      assertEquals(
          "one", get(gateway, "/js/a.js", token(bmc.port(), c -> c.subject("ben"))).text());
      String scoped = token(bmc.port(), c -> c.claim("scope", List.of("GET /css/**")));
      assertEquals(403, get(gateway, "/js/a.js", scoped).status());
      assertEquals(401, get(gateway, "/js/a.js", "x").status());
      assertEquals(1, bmc.exchanges().size());

      for (String subject : List.of("ada", "ben")) {
        Eventually.holds(
            () -> subject + " in " + WrittenLines.of(audit),
            () ->
                WrittenLines.of(audit).stream()
                    .anyMatch(
                        line ->
                            line.contains("\"event\":\"request\"")
                                && line.contains("\"sub\":\"" + subject + "\"")
                                && line.contains("\"path\":\"/js/a.js\"")
                                && line.contains("\"status\":200")
                                && line.contains("\"bytes_out\":3")));
      }
      assertEquals(1, metric(gateway, "bmc_gateway_assets"));
      assertEquals(64 << 20, metric(gateway, "bmc_gateway_assets_limit_bytes"));
      assertEquals(1, metric(gateway, "bmc_gateway_assets_asked_total", "lookup", "hit"));
      assertEquals(1, metric(gateway, "bmc_gateway_assets_asked_total", "lookup", "miss"));

      Files.writeString(
          gateway.settings(), Files.readString(gateway.settings()) + "proxy: {cacheSize: 0}\n");
      Eventually.holds("it is off", () -> metric(gateway, "bmc_gateway_assets_limit_bytes") == 0);
      assertEquals(0, metric(gateway, "bmc_gateway_assets"));
      get(gateway, "/js/a.js", token(bmc.port(), c -> {}));
      get(gateway, "/js/a.js", token(bmc.port(), c -> {}));
      assertEquals(3, bmc.exchanges().size());
    }
  }

  @Test
  void whoWaitsForAnothersFetchEndsWithItsOwnSession() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  await(held);
                  exchange.ok("Content-Type: text/javascript\r\n", "one");
                });
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient fetching = new RawClient(gateway.port());
        RawClient waiting = new RawClient(gateway.port());
        RawClient leaving = new RawClient(gateway.port())) {
      String head = "GET /js/a.js HTTP/1.1\r\nHost: localhost\r\nCookie: pm-session=";
      fetching.send(head + token(bmc.port(), c -> {}) + "\r\n\r\n");
      Eventually.holds("the BMC is asked", () -> bmc.exchanges().size() == 1);
      String other = token(bmc.port(), c -> {});
      waiting.send(head + other + "\r\n\r\n");
      Eventually.holds("both run", () -> metric(gateway, "bmc_gateway_sessions") == 2);

      leaving.request(
          "POST", "/.gateway/logout", "Cookie: pm-session=" + other + "\r\nContent-Length: 0\r\n");
      Answer ended = waiting.answer();
      assertEquals(401, ended.status());
      // At once: who would find out only later would be told that it has expired.
      assertTrue(ended.text().contains("no_session"), ended.text());
      held.countDown();
      assertEquals("one", fetching.answer().text());
      assertEquals(1, bmc.exchanges().size());
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
