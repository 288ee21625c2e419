package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.Recorder;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Proves;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.VendorMatrix.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole journey through the gateway for each vendor whose pages are not walked in a class of
 * their own: wrong login, login, pages, upload, console, media, logout. Nothing may leave the
 * public origin, and the simulated BMC must have seen nothing that a real one refuses.
 */
class VendorJourneysIT {
  private static final int IMAGE_BYTES = 1 << 20;
  private static final int FIRMWARE_BYTES = 50_000_000;

  @TempDir private Path folder;

  private final KeyStore keys = TestCertificates.localhost();
  private GatewayFixture gateway;
  private Browser browser;

  @AfterEach
  void stop() throws Exception {
    browser.close();
    gateway.close();
  }

  @Test
  @Proves(
      vendors = "idrac8",
      parts = {Part.UI, Part.CONSOLE, Part.MEDIA, Part.UPLOAD, Part.LOGOUT})
  void idrac8() throws Exception {
    try (Idrac8Simulator bmc = Idrac8Simulator.builder().start()) {
      gateway = GatewayFixture.builder(bmc.port(), bmc.consolePort()).keys(keys).start();
      browser = Browser.startBlockingPopups(keys);
      Idrac8Pages pages = new Idrac8Pages(browser, bmc);
      follow(
          Tokens.mint(
              bmc.port(),
              600,
              claims -> claims.claim("vendor", "idrac8").claim("console_port", bmc.consolePort())));
      pages.logIn("wrong");
      assertTrue(pages.loginError().contains("Login failed"));
      pages.logIn(bmc.password());
      pages.awaitSummary();
      browser.screenshot("idrac8-01-summary");
      String main = browser.window();

      pages.openConsole();
      pages.awaitConnected();
      pages.awaitMovingPicture();
      browser.find("#screen").sendKeys("a");
      bmc.recorder().awaitSocket(socket -> socket.events().contains("key 97"));
      browser.screenshot("idrac8-02-console");
      Path image = file("image.iso", IMAGE_BYTES);
      String read = "read " + IMAGE_BYTES + " " + sha256(image);
      pages.attach(image);
      bmc.recorder().awaitSocket(socket -> socket.events().contains(read));
      browser.click("#disconnect");
      bmc.recorder().awaitSocket(socket -> socket.events().contains("goodbye"));
      assertEquals(0, bmc.consoleUpgradesWithCookies());

      browser.switchTo(main);
      Path firmware = file("firmware.d7", FIRMWARE_BYTES);
      assertEquals(sha256(firmware), pages.upload(firmware));
      pages.logOut();
      assertEquals(0, bmc.sessionsInUse());
      assertClean(bmc.recorder());
    }
  }

  @Test
  @Proves(
      vendors = "ilo5",
      parts = {Part.UI, Part.CONSOLE, Part.MEDIA, Part.UPLOAD, Part.LOGOUT})
  void ilo5() throws Exception {
    try (Ilo5Simulator bmc = Ilo5Simulator.builder().eventInterval(Duration.ofSeconds(1)).start()) {
      gateway = GatewayFixture.builder(bmc.port()).keys(keys).start();
      browser = Browser.start(keys);
      Ilo5Pages pages = new Ilo5Pages(browser, bmc);
      follow(Tokens.mint(bmc.port(), "ilo5"));
      pages.logIn("wrong");
      assertTrue(pages.loginError().contains("Login failed"));
      pages.logIn(bmc.password());
      pages.awaitApplication();
      pages.awaitEvents(2);
      pages.awaitPolls(2);
      browser.screenshot("ilo5-01-overview");
      String main = browser.window();
      Path firmware = file("firmware.bin", FIRMWARE_BYTES);
      pages.upload(firmware);
      assertEquals(sha256(firmware), bmc.uploads().get(0).sha256());
      pages.attach(file("image.iso", IMAGE_BYTES));

      pages.openConsole();
      pages.awaitMovingPicture();
      browser.find("#screen").sendKeys("a");
      bmc.recorder().awaitSocket(socket -> socket.events().contains("key 4"));
      browser.screenshot("ilo5-02-console");
      browser.click("#disconnect");

      browser.switchTo(main);
      pages.logOut();
      assertEquals(0, bmc.sessionsInUse());
      assertClean(bmc.recorder());
    }
  }

  @Test
  @Proves(
      vendors = "asrockrack",
      parts = {Part.UI, Part.CONSOLE, Part.MEDIA, Part.UPLOAD, Part.LOGOUT})
  void asrockrack() throws Exception {
    try (AsrockrackSimulator bmc = AsrockrackSimulator.builder().start()) {
      gateway = GatewayFixture.builder(bmc.port()).keys(keys).start();
      browser = Browser.start(keys);
      AsrockrackPages pages = new AsrockrackPages(browser, bmc);
      follow(Tokens.mint(bmc.port(), "asrockrack"));
      pages.logIn("wrong");
      assertTrue(pages.loginError().contains("Could not login"));
      pages.logIn(bmc.password());
      pages.awaitDashboard();
      browser.screenshot("asrockrack-01-dashboard");
      String main = browser.window();

      pages.openConsole();
      pages.awaitMovingPicture();
      browser.find("#screen").sendKeys("a");
      bmc.recorder().awaitSocket(socket -> socket.events().contains("key 4"));
      browser.screenshot("asrockrack-02-console");
      Path image = file("image.iso", IMAGE_BYTES);
      String read = "read " + IMAGE_BYTES + " " + sha256(image);
      pages.attach(image);
      bmc.recorder().awaitSocket(socket -> socket.events().contains(read));
      browser.click("#stop");
      bmc.recorder().awaitSocket(socket -> socket.events().contains("goodbye"));

      browser.switchTo(main);
      Path firmware = file("firmware.bin", FIRMWARE_BYTES);
      pages.flash(firmware);
      assertEquals(
          new AsrockrackSimulator.Upload(FIRMWARE_BYTES, sha256(firmware)),
          bmc.firmware().orElseThrow());
      pages.logOut();
      assertEquals(0, bmc.sessionsInUse());
      assertClean(bmc.recorder());
    }
  }

  private void follow(String token) {
    browser.open(gateway.link(token));
  }

  private void assertClean(Recorder recorder) {
    assertEquals(List.of(), recorder.violations());
    List<String> errors =
        browser.consoleLog().stream()
            .filter(line -> line.startsWith("SEVERE"))
            .filter(line -> !line.contains("status of 401"))
            .toList();
    assertEquals(List.of(), errors, "the wrong login's own is the only error");
    assertEquals(List.of(), foreignRequests());
    assertTrue(browser.url().startsWith(gateway.origin() + "/"), browser.url());
  }

  /** What the current page loaded from elsewhere than the public origin. */
  private Object foreignRequests() {
    return browser.evaluate(
        "performance.getEntriesByType('resource').map(e => e.name)"
            + ".filter(n => !n.startsWith(location.origin + '/') && !n.startsWith('blob:'))");
  }

  private Path file(String name, int bytes) throws Exception {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(folder.resolve(name), content);
  }

  private static String sha256(Path file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }
}
