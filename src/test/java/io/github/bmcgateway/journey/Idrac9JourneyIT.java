package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.RecordedSocket;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Proves;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.VendorMatrix.Part;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The main job in a real browser over HTTP/2: link, login, dashboard, console, expiry; then another
 * BMC in the same browser. Screenshots of the steps are in {@code target/screenshots}.
 */
class Idrac9JourneyIT {

  /** Long enough for login, dashboard and console on a slow machine, for the test waits it out. */
  private static final int SHORT_SESSION_SECONDS = 60;

  private static final String VENDOR = "idrac9";

  private final KeyStore keys = TestCertificates.localhost();
  private Idrac9Simulator first;
  private Idrac9Simulator second;
  private GatewayFixture gateway;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    first = Idrac9Simulator.builder().tag("ABC1234").start();
    second = Idrac9Simulator.builder().tag("XYZ9876").start();
    gateway = GatewayFixture.builder(first.port(), second.port()).keys(keys).start();
    browser = Browser.start(keys);
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    gateway.close();
    first.close();
    second.close();
  }

  @Test
  @Proves(
      vendors = "idrac9",
      parts = {Part.UI, Part.CONSOLE})
  void fromTheLinkToTheConsoleToExpiryAndOnToAnotherBmc() throws Exception {
    Idrac9Pages pages = new Idrac9Pages(browser, first);
    String main = browser.window();

    followLink(first, SHORT_SESSION_SECONDS);
    browser.waitUntil("document.body.dataset.ready === 'true'");
    assertEquals(gateway.origin() + "/restgui/start.html", browser.url());
    assertEverythingCameOverHttp2();
    browser.screenshot("01-login");

    pages.logIn("wrong");
    assertTrue(pages.loginError().contains("Login failed"));
    browser.screenshot("02-wrong-password");

    pages.logIn(first.password());
    pages.awaitDashboard();
    assertEquals(first.tag(), browser.find("#tag").getText());
    assertEquals(first.tag(), browser.evaluate("document.body.dataset.unit"));
    assertEverythingCameOverHttp2();
    assertServiceWorkerWasRefused(first);
    browser.screenshot("03-dashboard");

    pages.openConsole();
    pages.awaitMovingPicture();
    assertTheConsoleIsOpenedThroughTheGateway();
    browser.find("#screen").sendKeys("a");
    RecordedSocket console =
        first.recorder().awaitSocket(socket -> socket.events().contains("key 97"));
    browser.screenshot("04-console");

    browser.waitFor(
        "the session's end",
        SHORT_SESSION_SECONDS,
        () -> browser.evaluate("document.body.dataset.closed") != null);
    assertEquals("4401", browser.evaluate("document.body.dataset.closed"));
    first.recorder().awaitSocket(socket -> socket == console && !socket.isOpen());
    browser.screenshot("05-console-expired");

    browser.closeWindow(main);
    browser.open(gateway.origin() + "/restgui/index.html");
    assertAnswer(401, "expired_token");
    assertTheFirstBmcLeftSomethingBehind();
    browser.screenshot("06-expired");

    followLink(second, 600);
    browser.waitUntil("document.body.dataset.ready === 'true'");
    assertNothingIsLeftOfTheFirstBmc();
    browser.screenshot("07-second-login");

    Idrac9Pages others = new Idrac9Pages(browser, second);
    others.logIn(second.password());
    others.awaitDashboard();
    assertEquals(second.tag(), browser.find("#tag").getText());
    assertEquals(second.tag(), browser.evaluate("document.body.dataset.unit"));
    assertServiceWorkerWasRefused(second);
    browser.screenshot("08-second-dashboard");
    others.openConsole();
    others.awaitMovingPicture();
    browser.screenshot("09-second-console");

    assertNoCookieOfTheFirstReachedTheSecond();
    assertEquals(List.of(), first.recorder().violations());
    assertEquals(List.of(), second.recorder().violations());
  }

  @Test
  void loggingOutClosesTheConsoleAndTheLinkWorksNoMore() throws Exception {
    Idrac9Pages pages = new Idrac9Pages(browser, first);
    String main = browser.window();
    String link = followLink(first, 600);
    pages.logIn(first.password());
    pages.awaitDashboard();
    pages.openConsole();
    pages.awaitMovingPicture();
    String popup = browser.window();

    browser.switchTo(main);
    browser.open(gateway.origin() + "/.gateway/");
    assertTrue(browser.text().contains(first.ownAuthority()));
    browser.screenshot("11-session-page");
    browser.click("form[action='/.gateway/logout'] button");
    browser.waitUntil("location.pathname === '/.gateway/logout'");
    browser.screenshot("12-logged-out");

    browser.switchTo(popup);
    browser.waitUntil("document.body.dataset.closed === '4401'");
    first.recorder().awaitSocket(socket -> !socket.isOpen());
    browser.screenshot("13-console-closed");

    browser.switchTo(main);
    browser.open(gateway.origin() + "/");
    assertAnswer(401, "no_session");
    assertEquals(List.of(), browser.cookieNames());
    browser.open(link);
    assertAnswer(401, "expired_token", "invalid_token");
    assertEquals(List.of(), first.recorder().violations());
  }

  private String followLink(Idrac9Simulator bmc, long seconds) {
    String token = Tokens.mint(bmc.port(), seconds, claims -> claims.claim("vendor", VENDOR));
    String link = gateway.link(token);
    browser.open(link);
    return link;
  }

  private void assertEverythingCameOverHttp2() {
    Object others =
        browser.evaluate(
            "performance.getEntries().filter((entry) => entry.nextHopProtocol !== undefined"
                + " && entry.deliveryType !== 'cache' && entry.nextHopProtocol !== 'h2')"
                + ".map((entry) => entry.name + ' ' + entry.nextHopProtocol)");
    assertEquals(List.of(), others);
    assertEquals(
        "h2", browser.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"));
  }

  private void assertServiceWorkerWasRefused(Idrac9Simulator bmc) {
    String outcome = (String) browser.evaluate("document.body.dataset.worker");
    assertTrue(outcome.startsWith("refused"), outcome);
    assertEquals(0L, serviceWorkers());
    assertEquals(List.of(), bmc.recorder().requests("/restgui/sw.js"));
  }

  private Object serviceWorkers() {
    return browser.await(
        "navigator.serviceWorker.getRegistrations().then((found) => found.length)");
  }

  private void assertTheConsoleIsOpenedThroughTheGateway() {
    String socket = (String) browser.evaluate("document.body.dataset.socket");
    assertTrue(
        socket.startsWith("wss://localhost:" + gateway.port() + "/vnc/vconsole?vck="), socket);
    RecordedRequest page = first.recorder().requests("/restgui/vconsole/index.html").get(0);
    assertTrue(
        page.target().contains("&title=idrac-ABC1234%252C%20PowerEdge%20R750%252C%20User%253A%20"),
        page.target());
  }

  private void assertAnswer(long status, String... errorCodes) {
    assertEquals(
        status, browser.evaluate("performance.getEntriesByType('navigation')[0].responseStatus"));
    String text = browser.text();
    assertTrue(List.of(errorCodes).stream().anyMatch(text::contains), text);
  }

  /** Without this the next assertion would prove nothing. */
  private void assertTheFirstBmcLeftSomethingBehind() {
    assertEquals(first.tag(), browser.evaluate("localStorage.getItem('idrac.unit')"));
    assertEquals(List.of("idrac"), browser.await("caches.keys()"));
    assertTrue(
        browser.cookieNames().containsAll(Set.of("-http-session-", "idrac_unit")),
        browser.cookieNames().toString());
  }

  private void assertNothingIsLeftOfTheFirstBmc() {
    assertEquals(Set.of("pm-session", "pm-session-live"), Set.copyOf(browser.cookieNames()));
    assertEquals(0L, browser.evaluate("localStorage.length"));
    assertEquals(List.of(), browser.await("caches.keys()"));
    assertEquals(0L, serviceWorkers());
  }

  private void assertNoCookieOfTheFirstReachedTheSecond() {
    List<String> firstSessions =
        first.recorder().requests().stream()
            .flatMap(request -> request.values("Cookie").stream())
            .toList();
    assertFalse(firstSessions.isEmpty());
    for (RecordedRequest request : second.recorder().requests()) {
      for (String cookies : request.values("Cookie")) {
        assertFalse(cookies.contains(first.tag()), cookies);
        assertFalse(
            firstSessions.stream().anyMatch(cookies::contains), () -> request + ": " + cookies);
      }
    }
  }
}
