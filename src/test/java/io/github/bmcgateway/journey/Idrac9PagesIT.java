package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The simulated unit's own pages in a browser, without a gateway: they must work as they are. */
class Idrac9PagesIT {

  private Idrac9Simulator bmc;
  private Browser browser;
  private Idrac9Pages pages;

  @BeforeEach
  void start() throws Exception {
    bmc = Idrac9Simulator.builder().start();
    browser = Browser.start(bmc.keyStore());
    pages = new Idrac9Pages(browser, bmc);
    browser.open("https://" + bmc.ownAuthority() + "/");
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    bmc.close();
  }

  @Test
  void aWrongPasswordIsRefusedOnTheLoginPage() throws Exception {
    pages.logIn("wrong");

    assertTrue(pages.loginError().contains("Login failed"));
    assertEquals(0, bmc.sessionsInUse());
  }

  @Test
  void fromLoginToDashboardToAMovingConsoleThatTakesKeys() throws Exception {
    pages.logIn(bmc.password());
    pages.awaitDashboard();
    assertEquals(bmc.tag(), browser.find("#tag").getText());
    browser.waitUntil("document.body.dataset.worker === 'registered'");
    browser.screenshot("direct-01-dashboard");

    pages.openConsole();
    pages.awaitMovingPicture();
    browser.find("#screen").sendKeys("a");
    browser.screenshot("direct-02-console");

    bmc.recorder().awaitSocket(socket -> socket.events().contains("key 97"));
    browser.click("#disconnect");
    bmc.recorder().awaitSocket(socket -> socket.events().contains("goodbye"));
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void loggingOutEndsTheUnitsSession() throws Exception {
    pages.logIn(bmc.password());
    pages.awaitDashboard();

    browser.click("#logout");

    browser.find("#login");
    assertEquals(0, bmc.sessionsInUse());
  }
}
