package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.RecordedSocket;
import io.github.bmcgateway.sim.ilo5.ConsoleAnswer;
import io.github.bmcgateway.sim.ilo5.Ilo5Quirk;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.sim.ilo5.Upload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulated unit's own pages in a browser, without a gateway: they must work as they are. */
class Ilo5PagesIT {

  @TempDir private Path folder;

  private Ilo5Simulator bmc;
  private Browser browser;
  private Ilo5Pages pages;

  private void start(Ilo5Simulator.Builder builder) throws Exception {
    bmc = builder.eventInterval(Duration.ofSeconds(1)).start();
    browser = Browser.start(bmc.keyStore());
    pages = new Ilo5Pages(browser, bmc);
    browser.open("https://" + bmc.ownAuthority() + "/");
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    bmc.close();
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

  private void assertQuiet() {
    assertEquals(List.of(), bmc.recorder().violations());
    List<String> errors =
        browser.consoleLog().stream().filter(line -> line.startsWith("SEVERE")).toList();
    assertEquals(List.of(), errors);
  }

  @Test
  void aWrongPasswordIsRefusedAndTheRightOneWaitsOutTheDelay() throws Exception {
    start(Ilo5Simulator.builder());
    pages.logIn("wrong");

    assertTrue(pages.loginError().contains("Login failed"));
    assertEquals(0, bmc.sessionsInUse());
    assertEquals(1, browser.consoleLog().stream().filter(l -> l.startsWith("SEVERE")).count());

    pages.logIn(bmc.password());
    pages.awaitApplication();
    assertEquals(1, bmc.sessionsInUse());
    assertQuiet();
  }

  @Test
  void fromLoginThroughThePagesToAMovingConsoleThatTakesKeys() throws Exception {
    start(Ilo5Simulator.builder());
    pages.logIn(bmc.password());
    pages.awaitApplication();
    pages.awaitEvents(2);
    pages.awaitPolls(2);
    browser.screenshot("direct-ilo5-01-overview");
    String main = browser.window();

    pages.openConsole();
    pages.awaitMovingPicture();
    assertEquals(bmc.tag(), browser.evaluate("document.body.dataset.opener"));
    browser.find("#screen").sendKeys("a");
    browser.click("#power");
    browser.screenshot("direct-ilo5-02-console");

    RecordedSocket socket = bmc.recorder().awaitSocket(s -> s.events().contains("power 1"));
    assertTrue(socket.events().containsAll(List.of("handshake", "acknowledged", "key 4")));
    browser.click("#disconnect");
    bmc.recorder().awaitSocket(s -> !s.isOpen());
    browser.switchTo(main);
    pages.logOut();
    assertEquals(0, bmc.sessionsInUse());
    assertQuiet();
  }

  @Test
  void loggingOutClosesAnOpenConsole() throws Exception {
    start(Ilo5Simulator.builder());
    pages.logIn(bmc.password());
    pages.awaitApplication();
    String main = browser.window();
    pages.openConsole();
    String console = browser.window();

    browser.switchTo(main);
    pages.logOut();
    browser.switchTo(console);

    browser.waitUntil("document.body.dataset.closed === '1000'");
    assertQuiet();
  }

  @Test
  void aBusyConsoleIsSeized() throws Exception {
    start(Ilo5Simulator.builder().consoleAnswer(ConsoleAnswer.BUSY));
    pages.logIn(bmc.password());
    pages.awaitApplication();
    pages.goTo("rc_info");
    browser.inNewWindow(() -> browser.click("#ircTab"));

    browser.click("#seize");

    browser.waitUntil("document.body.dataset.state === 'connected'");
    pages.awaitMovingPicture();
    bmc.recorder().awaitSocket(socket -> socket.events().contains("seize"));
    assertQuiet();
  }

  @Test
  void theSessionKeyMayBeSetByScriptAlone() throws Exception {
    start(Ilo5Simulator.builder().with(Ilo5Quirk.COOKIE_BY_SCRIPT));
    pages.logIn(bmc.password());
    pages.awaitApplication();

    assertTrue(browser.cookieNames().contains("sessionKey"));
    browser.open("https://" + bmc.ownAuthority() + "/");
    pages.awaitApplication();
    assertQuiet();
  }

  @Test
  void aSessionKeyHiddenFromScriptsIsNoticed() throws Exception {
    start(Ilo5Simulator.builder().cookieAttributes("; Path=/; Secure; HttpOnly"));
    pages.logIn(bmc.password());

    assertTrue(pages.loginError().contains("does not let this page read"));
  }

  @Test
  void anUploadArrivesWholeAndAnImageIsRead() throws Exception {
    start(Ilo5Simulator.builder().mediaReadBytes(1L << 30));
    Path firmware = file("ilo5_280.bin", 20 << 20);
    Path image = file("boot.iso", 1000 * 2048);
    pages.logIn(bmc.password());
    pages.awaitApplication();

    assertEquals("Accepted", pages.upload(firmware));
    browser.screenshot("direct-ilo5-03-upload");
    pages.attach(image);

    Upload upload = bmc.uploads().get(0);
    assertEquals(sha256(firmware), upload.sha256());
    String read = "read " + Files.size(image) + " " + sha256(image);
    bmc.recorder().awaitSocket(socket -> socket.events().contains(read));
    assertQuiet();
  }

  @Test
  void aLostSessionLeadsBackToTheLogin() throws Exception {
    start(Ilo5Simulator.builder().resetTime(Duration.ofMillis(300)));
    pages.logIn(bmc.password());
    pages.awaitApplication();

    bmc.reset();

    browser.waitUntil("document.body.dataset.state === 'login'");
    assertFalse(browser.cookieNames().contains("sessionKey"));
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void theJavaPageIsCompiledFromText() throws Exception {
    start(Ilo5Simulator.builder());
    pages.logIn(bmc.password());
    pages.awaitApplication();
    pages.goTo("rc_info");

    browser.inNewWindow(() -> browser.click("#javaConsole"));

    assertTrue(browser.find("#jnlp").getText().contains("codebase=\"https://127.0.0.1"));
    assertTrue(browser.find("#jnlp").getText().contains("RCINFO1=32 characters"));
    assertQuiet();
  }
}
