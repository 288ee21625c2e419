package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
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

/** The simulated unit's own pages in a browser, without a gateway: they must work as they are. */
class Idrac8PagesIT {

  @TempDir private Path folder;

  private Idrac8Simulator bmc;
  private Browser browser;
  private Idrac8Pages pages;

  @BeforeEach
  void start() throws Exception {
    bmc = Idrac8Simulator.builder().start();
    browser = Browser.start(bmc.keyStore());
    pages = new Idrac8Pages(browser, bmc);
    browser.open("https://" + bmc.ownAuthority() + "/");
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    bmc.close();
  }

  private Path file(String name, int bytes) throws Exception {
    byte[] content = new byte[bytes];
    new Random(1).nextBytes(content);
    return Files.write(folder.resolve(name), content);
  }

  private static String sha256(Path file) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(hash);
  }

  @Test
  void aWrongPasswordIsRefusedOnTheLoginPage() {
    pages.logIn("wrong");

    assertTrue(pages.loginError().contains("Login failed"));
    assertEquals(0, bmc.sessionsInUse());
  }

  @Test
  void fromLoginToSummaryToAMovingConsoleThatTakesKeysAndMedia() throws Exception {
    pages.logIn(bmc.password());
    pages.awaitSummary();
    assertEquals(bmc.tag(), browser.find("#tag").getText());
    assertEquals("OK", browser.find("#health").getText());
    browser.screenshot("idrac8-direct-01-summary");

    pages.openConsole();
    pages.awaitConnected();
    pages.awaitMovingPicture();
    browser.find("#screen").sendKeys("a");
    bmc.recorder().awaitSocket(socket -> socket.events().contains("key 97"));
    browser.screenshot("idrac8-direct-02-console");

    Path image = file("image.iso", 1 << 20);
    pages.attach(image);
    bmc.recorder()
        .awaitSocket(socket -> socket.events().contains("read 1048576 " + sha256OrFail(image)));
    browser.screenshot("idrac8-direct-03-media");

    browser.click("#disconnect");
    bmc.recorder().awaitSocket(socket -> socket.events().contains("goodbye"));
    assertEquals(3, bmc.recorder().sockets().size());
    assertEquals(List.of(), bmc.recorder().violations());
    assertEquals(List.of(), browser.consoleLog());
  }

  private static String sha256OrFail(Path file) {
    try {
      return sha256(file);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theConsoleProvesItsCertificateInAFurtherWindowFirst() {
    pages.logIn(bmc.password());
    pages.awaitSummary();

    pages.openConsole();
    pages.awaitConnected();

    RecordedRequest page =
        bmc.recorder()
            .awaitRequest(
                request ->
                    request.port() == bmc.consolePort() && request.path().equals("/index.html"));
    RecordedRequest socket = bmc.recorder().sockets().get(0).upgrade();
    List<RecordedRequest> requests = bmc.recorder().requests();
    assertTrue(requests.indexOf(page) < requests.indexOf(socket));
  }

  @Test
  void withWindowsBlockedTheConsoleGivesUpBeforeItsFirstSocket() throws Exception {
    browser.close();
    browser = Browser.startBlockingPopups(bmc.keyStore());
    pages = new Idrac8Pages(browser, bmc);
    browser.open("https://" + bmc.ownAuthority() + "/");
    pages.logIn(bmc.password());
    pages.awaitSummary();

    browser.inNewWindow(() -> browser.click("#launch"));

    assertEquals("Turn off your pop-up blocker and try again!", browser.answerAlert());
    browser.waitUntil("document.body.dataset.state === 'closed'");
    assertEquals(List.of(), bmc.recorder().sockets());
  }

  @Test
  void withoutALanguageTheLoginPageStaysBlankAndSilent() throws Exception {
    bmc.close();
    browser.close();
    bmc = Idrac8Simulator.builder().omitLanguage().start();
    browser = Browser.start(bmc.keyStore());

    browser.open("https://" + bmc.ownAuthority() + "/");

    RecordedRequest last =
        bmc.recorder().awaitRequest(request -> request.target().contains("tfa_int_enabled"));
    browser.waitFor("an answer", last::isCompleted);
    assertEquals(true, browser.await("new Promise(done => setTimeout(() => done(true), 500))"));
    assertEquals("", browser.text());
    assertEquals(List.of(), browser.consoleLog());
  }

  @Test
  void firmwareArrivesAsItIs() throws Exception {
    Path image = file("firmware.d7", 5_000_001);
    pages.logIn(bmc.password());
    pages.awaitSummary();

    assertEquals(sha256(image), pages.upload(image));

    assertEquals(5_000_001, bmc.firmware().get(0).bytes());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void loggingOutEndsTheUnitsSession() {
    pages.logIn(bmc.password());
    pages.awaitSummary();
    assertEquals(1, bmc.sessionsInUse());

    pages.logOut();

    assertEquals(0, bmc.sessionsInUse());
  }
}
