package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.console.FakeBmc;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The bound on a session's consoles in the whole gateway, across a renewal of the session. */
class ConsolesPerSessionTest {
  @Test
  void consolesThatANewLinkTookOverCountForItsSession() throws Exception {
    try (FakeBmc bmc = new FakeBmc();
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port()).yaml("limits: {consolesPerSession: 1}").start()) {
      String first = Tokens.mint(bmc.port(), "generic");
      String second = Tokens.mint(bmc.port(), "generic");
      try (Wire console = Wire.connect(gateway.port());
          Wire further = Wire.connect(gateway.port())) {
        assertEquals(101, open(console, first));
        assertEquals(429, open(further, first));
        renew(gateway, first, second);
        try (Wire ofSecond = Wire.connect(gateway.port());
            Wire ofFirst = Wire.connect(gateway.port())) {
          assertEquals(429, open(ofSecond, second));
          assertEquals(101, open(ofFirst, first));
        }
      }
    }
  }

  private static int open(Wire browser, String token) throws IOException {
    String head = browser.write(Wire.upgrade("/kvm", "Cookie: pm-session=" + token)).readHead();
    return Wire.status(head);
  }

  private static void renew(GatewayFixture gateway, String from, String to) throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      String link = "/gpsession?token=" + to;
      assertEquals(302, client.get(link, "Cookie: pm-session=" + from + "\r\n").status());
    }
  }
}
