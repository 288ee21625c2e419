package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.asrockrack.Quirk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The simulated unit's own pages in a browser, without a gateway: they must work as they are.
 *
 * <p>The cookies that the pages themselves set reach the unit here; a gateway keeps them from it.
 */
class AsrockrackPagesIT {

  @TempDir private Path folder;
  private AsrockrackSimulator bmc;
  private Browser browser;
  private AsrockrackPages pages;

  @BeforeEach
  void start() throws Exception {
    bmc = AsrockrackSimulator.builder().without(Quirk.ONLY_SESSION_COOKIE).start();
    browser = Browser.start(bmc.keyStore());
    pages = new AsrockrackPages(browser, bmc);
    browser.open("https://" + bmc.ownAuthority() + "/");
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    bmc.close();
  }

  private Path image(int bytes) throws Exception {
    byte[] content = new byte[bytes];
    new Random(7).nextBytes(content);
    return Files.write(folder.resolve("image.bin"), content);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void aWrongPasswordIsRefusedOnTheLoginPage() {
    pages.logIn("wrong");

    assertTrue(pages.loginError().contains("Could not login"));
    assertEquals(0, bmc.sessionsInUse());
  }

  @Test
  void fromLoginToDashboardToAMovingConsoleThatTakesKeys() throws Exception {
    pages.logIn(bmc.password());
    pages.awaitDashboard();
    assertEquals(bmc.tag(), browser.find("#serial").getText());
    browser.screenshot("direct-asrockrack-01-dashboard");

    pages.openConsole();
    pages.awaitMovingPicture();
    browser.find("#screen").sendKeys("a");
    browser.screenshot("direct-asrockrack-02-console");

    bmc.recorder().awaitSocket(socket -> socket.events().contains("key 4"));
    browser.click("#stop");
    bmc.recorder().awaitSocket(socket -> socket.events().contains("goodbye"));
    assertNothingWrong();
  }

  @Test
  void theUnitReadsAnImageThatStaysInTheBrowser() throws Exception {
    Path image = image(1_000_000);
    byte[] padded = new byte[489 * 2048];
    byte[] content = Files.readAllBytes(image);
    System.arraycopy(content, 0, padded, 0, content.length);
    pages.logIn(bmc.password());
    pages.awaitDashboard();
    pages.openConsole();

    pages.attach(image);

    String read = "read " + padded.length + " " + sha256(padded);
    bmc.recorder().awaitSocket(socket -> socket.events().contains(read));
    assertNothingWrong();
  }

  @Test
  void fiftyMegabytesOfFirmwareArriveWhole() throws Exception {
    Path image = image(50_000_000);
    pages.logIn(bmc.password());
    pages.awaitDashboard();

    pages.flash(image);

    assertTrue(browser.find("#progress").getText().startsWith("Complete"));
    assertEquals(
        new AsrockrackSimulator.Upload(50_000_000, sha256(Files.readAllBytes(image))),
        bmc.firmware().orElseThrow());
    assertNothingWrong();
  }

  @Test
  void theSerialConsoleEchoes() {
    pages.logIn(bmc.password());
    pages.awaitDashboard();
    pages.go("serial_over_lan");
    browser.waitUntil("document.getElementById('state').textContent === 'connected'");

    browser.type("#typed", "uname -a");
    browser.click("#enter");

    browser.waitUntil("document.getElementById('terminal').textContent.includes('uname -a')");
    assertNothingWrong();
  }

  @Test
  void loggingOutEndsTheUnitsSession() {
    pages.logIn(bmc.password());
    pages.awaitDashboard();

    pages.logOut();

    assertEquals(0, bmc.sessionsInUse());
    assertEquals(null, browser.evaluate("localStorage.getItem('garc')"));
    assertNothingWrong();
  }

  private void assertNothingWrong() {
    assertEquals("", browser.evaluate("document.body.dataset.csp"));
    assertEquals(List.of(), browser.consoleLog());
    assertEquals(List.of(), bmc.recorder().violations());
  }
}
