package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Tokens;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** noVNC in Chromium with a real VNC server, page and console through the gateway. */
class NoVncIT {

  private static final int MIDDLE_X = 320;
  private static final int MIDDLE_Y = 240;

  @TempDir private Path folder;

  @Test
  void thePictureIsExactAndKeysAndButtonsArrive() throws Exception {
    KeyStore keys = TestCertificates.localhost();
    try (VncUnit unit = VncUnit.start(folder);
        GatewayFixture gateway = GatewayFixture.builder(unit.port()).keys(keys).start();
        Browser browser = Browser.start(keys)) {
      browser.open(gateway.link(Tokens.mint(unit.port(), "generic")));
      browser.waitUntil("document.body.dataset.console === 'connected'");
      assertEquals("binary", browser.evaluate("document.body.dataset.subprotocol"));
      browser.waitUntil("window.wrongPixels(0) === 0");

      browser.click("#screen canvas");
      assertEquals(button(MIDDLE_X, MIDDLE_Y), unit.input());
      browser.find("#screen canvas").sendKeys("Hi 2?");
      List<String> typed = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        typed.add(unit.input());
      }
      assertEquals(List.of(key("H"), key("i"), key(" "), key("2"), key("?")), typed);
      browser.waitUntil("window.wrongPixels(5) === 0");
      browser.screenshot("novnc");
      assertEquals(List.of(), errors(browser));

      unit.endServer();
      browser.waitUntil("document.body.dataset.closed === '1000 Target closed'");
    }
  }

  private static List<String> errors(Browser browser) {
    return browser.consoleLog().stream().filter(line -> line.startsWith("SEVERE")).toList();
  }

  private static String key(String key) {
    return "{\"event\": \"key\", \"key\": \"%s\"}".formatted(key);
  }

  private static String button(int x, int y) {
    return "{\"event\": \"button\", \"x\": %d, \"y\": %d}".formatted(x, y);
  }
}
