package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Tokens;
import java.security.KeyStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A link that is limited to the console, in a real browser. */
class ScopedJourneyIT {
  @Test
  void theConsoleOpensAndTheUsersAreRefusedWithAPage() throws Exception {
    KeyStore keys = TestCertificates.localhost();
    try (AsrockrackSimulator bmc = AsrockrackSimulator.builder().start();
        GatewayFixture gateway = GatewayFixture.builder(bmc.port()).keys(keys).start();
        Browser browser = Browser.start(keys)) {
      AsrockrackPages pages = new AsrockrackPages(browser, bmc);
      String main = browser.window();
      browser.open(
          gateway.link(
              Tokens.mint(
                  bmc.port(),
                  600,
                  claims ->
                      claims.claim("vendor", "asrockrack").claim("scope", List.of("console")))));
      pages.logIn(bmc.password());
      pages.awaitDashboard();
      pages.openConsole();
      pages.awaitMovingPicture();
      browser.screenshot("scope-01-console");

      browser.switchTo(main);
      browser.open(gateway.origin() + "/api/settings/users");
      assertTrue(browser.text().contains("This link does not permit that."), browser.text());
      browser.screenshot("scope-02-refused");
      browser.open(gateway.origin() + "/.gateway/");
      assertTrue(browser.text().contains("console"), browser.text());
      assertEquals(List.of(), bmc.recorder().requests("/api/settings/users"));
    }
  }
}
