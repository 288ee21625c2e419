package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.PinFile;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A BMC that isn't the right one, as a browser meets it. */
class BmcTrustTest {
  private static final String OTHER = "ab".repeat(32);
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  @TempDir private Path folder;

  @Test
  void itsPagesConsolesAndDetectionAreRefusedAndItHearsNothing() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(BmcTrustTest::answer);
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .bmc("pins: [{address: 127.0.0.1, sha256: " + OTHER + "}]")
                .start()) {
      assertRefused(gateway, "/", session(bmc.port(), "generic"));
      assertRefused(gateway, "/kvm", session(bmc.port(), "generic") + UPGRADE);
      String detected = "Cookie: pm-session=" + Tokens.mint(bmc.port(), 1800, c -> {}) + "\r\n";
      assertRefused(gateway, "/", detected);
      assertEquals(0, bmc.exchanges().size());
    }
  }

  private static void assertRefused(GatewayFixture gateway, String target, String headers)
      throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      RawClient.Answer answer = browser.get(target, headers);
      assertEquals(502, answer.status(), answer.text());
      assertTrue(answer.text().contains("\"bmc_tls\""), answer.text());
    }
  }

  @Test
  void anOpenConsoleEndsWhenAnotherCertificateIsAccepted() throws Exception {
    Path store = folder.resolve("pins");
    try (ScriptedBmc bmc = ScriptedBmc.start(BmcTrustTest::answer);
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port()).bmc("tls: tofu").bmc("pinStore: " + store).start();
        RawClient browser = new RawClient(gateway.port())) {
      String session = session(bmc.port(), "generic");
      assertEquals(101, browser.get("/kvm", session + UPGRADE).status());
      new PinFile(store)
          .put(
              new Endpoint(InetAddress.getByName("127.0.0.1"), bmc.port()),
              new PinFile.Entry(new Fingerprint(OTHER), Instant.EPOCH),
              PinFile.Existing.REPLACE);
      Eventually.holds("the BMC's end is closed", () -> bmc.openConnections() == 0);
      int close = browser.in().read();
      assertEquals(0x88, close);
      assertRefused(gateway, "/kvm", session + UPGRADE);
    }
  }

  private static String session(int port, String vendor) {
    return "Cookie: pm-session=" + Tokens.mint(port, vendor) + "\r\n";
  }

  private static void answer(Exchange exchange) throws IOException {
    if (exchange.values("Sec-WebSocket-Key").isEmpty()) {
      exchange.ok("", "page");
      return;
    }
    exchange.upgrade("");
    exchange.readUntilGone();
    throw new IOException("closed");
  }
}
