package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.Tokens;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a browser makes of links that work once, links on other sites, and further links. */
class LinksJourneyIT {
  private static final String OPEN = "form[action='/gpsession'] button";

  /** Long enough to open a console, short enough to wait for. */
  private static final int SHORT_SESSION_SECONDS = 6;

  private static final KeyStore KEYS = TestCertificates.localhost();
  private static Idrac9Simulator here;
  private static Idrac9Simulator there;
  private static GatewayFixture gateway;
  private static Portal portal;
  private Browser browser;

  @BeforeAll
  static void startServers() throws Exception {
    here = Idrac9Simulator.builder().tag("HERE123").start();
    there = Idrac9Simulator.builder().tag("THERE45").start();
    gateway = GatewayFixture.builder(here.port(), there.port()).keys(KEYS).start();
    portal = new Portal();
  }

  @AfterAll
  static void stopServers() throws Exception {
    portal.close();
    gateway.close();
    here.close();
    there.close();
  }

  @BeforeEach
  void start() throws Exception {
    browser = Browser.start(KEYS);
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
  }

  @Test
  void aLinkThatWorksOnceSurvivesPreviewsAndOpensOneBrowser() throws Exception {
    String token = token(here, 600, /* once= */ true);
    try (RawClient preview = new RawClient(gateway.port())) {
      assertEquals(200, preview.get("/gpsession?token=" + token, "").status());
      assertEquals(200, preview.request("HEAD", "/gpsession?token=" + token, "").status());
    }
    portal.offer(gateway.origin(), token);
    browser.open(portal.url());
    browser.click("#link");
    assertTrue(browser.find("main").getText().contains("works once"), browser.text());
    assertEquals(List.of(), browser.cookieNames());
    browser.screenshot("once-confirmation");
    browser.click(OPEN);
    awaitLogin();
    browser.open(gateway.link(token));
    assertTrue(browser.text().contains("used already"), browser.text());
    browser.open(gateway.origin() + "/.gateway/");
    assertTrue(browser.text().contains(here.ownAuthority()), browser.text());
    browser.waitUntil(
        "/^0:09:[0-5][0-9]$/.test(document.querySelector('[role=timer]').textContent)");
    browser.screenshot("session-countdown");
    assertTheTokenAloneOpensNothing(token);
    assertEquals(
        List.of(), browser.consoleLog().stream().filter(l -> l.contains("Policy")).toList());
  }

  @Test
  void onlyAClickLeavesABmcForTheOneOfAnotherSite() throws Exception {
    browser.open(gateway.link(token(here, 600, /* once= */ false)));
    awaitLogin();
    portal.offer(gateway.origin(), token(there, 600, /* once= */ false));

    browser.open(portal.url());
    browser.click("#link");
    browser.find(OPEN);
    assertTrue(browser.text().contains(here.ownAuthority()), browser.text());
    assertTrue(browser.text().contains(there.ownAuthority()), browser.text());
    browser.screenshot("switch-confirmation");
    browser.click("a[href='/']");
    awaitLogin();
    assertShownIs(here);

    browser.open(portal.url());
    browser.click("#form");
    browser.find(OPEN);
    assertTrue(browser.text().contains("Another server may be open"), browser.text());
    assertShownIs(here);

    browser.open(portal.url());
    browser.click("#form");
    browser.click(OPEN);
    awaitLogin();
    assertShownIs(there);
  }

  @Test
  void anOpenConsoleLivesOnWithAFurtherLink() throws Exception {
    Idrac9Pages pages = new Idrac9Pages(browser, here);
    browser.open(gateway.link(token(here, 600, /* once= */ false)));
    pages.logIn(here.password());
    pages.awaitDashboard();
    String brief = token(here, SHORT_SESSION_SECONDS, /* once= */ false);
    Instant briefEnd = Instant.now().plusSeconds(SHORT_SESSION_SECONDS);
    browser.await("fetch('" + gateway.link(brief) + "', {redirect: 'manual'})");
    pages.openConsole();
    String console = browser.window();

    browser.openTab();
    portal.offer(gateway.origin(), token(here, 600, /* once= */ true));
    browser.open(portal.url());
    browser.click("#link");
    browser.click(OPEN);
    awaitLogin();
    assertTrue(Instant.now().isBefore(briefEnd), "too slow to prove anything");

    browser.switchTo(console);
    browser.waitFor("the first link's end", () -> Instant.now().isAfter(briefEnd.plusSeconds(1)));
    pages.awaitMovingPicture();
    assertEquals(null, browser.evaluate("document.body.dataset.closed"));
    try (RawClient expired = new RawClient(gateway.port())) {
      assertEquals(401, expired.get("/", "Cookie: pm-session=" + brief + "\r\n").status());
    }
  }

  private static String token(Idrac9Simulator bmc, long seconds, boolean once) {
    return Tokens.mint(
        bmc.port(), seconds, claims -> claims.claim("vendor", "idrac9").claim("once", once));
  }

  private void awaitLogin() {
    browser.waitUntil("document.body.dataset.ready === 'true'");
  }

  /** Asked in a page of the gateway's origin, so that the browser sends all of its cookies. */
  private void assertShownIs(Idrac9Simulator bmc) {
    browser.open(gateway.origin() + "/.gateway/");
    assertTrue(browser.text().contains(bmc.ownAuthority()), browser.text());
  }

  private void assertTheTokenAloneOpensNothing(String token) throws Exception {
    assertFalse(browser.cookies().contains("pm-session=" + token));
    try (RawClient thief = new RawClient(gateway.port())) {
      assertEquals(401, thief.get("/", "Cookie: pm-session=" + token + "\r\n").status());
    }
  }
}
