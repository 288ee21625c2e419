package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a BMC's page can do to the gateway's origin, and to the BMC that comes after it, with all
 * that a browser lets a page do.
 */
class HostilePageIT {
  private static final KeyStore KEYS = TestCertificates.localhost();
  private static ScriptedBmc bmc;
  private static GatewayFixture gateway;
  private static Portal portal;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    bmc = ScriptedBmc.start(HostilePageIT::answer);
    gateway = GatewayFixture.builder(bmc.port()).keys(KEYS).start();
    portal = new Portal();
    browser = Browser.start(KEYS);
  }

  @AfterAll
  static void stop() throws Exception {
    browser.close();
    portal.close();
    gateway.close();
    bmc.close();
  }

  private static void answer(Exchange exchange) throws IOException {
    String path = exchange.requestLine().split(" ", -1)[1];
    String more =
        switch (path) {
          case "/to-logout" -> "Refresh: 0; url=/.gateway/logout\r\n";
          case "/sw.js" -> "Service-Worker-Allowed: /\r\n";
          case "/cookies" ->
              "Set-Cookie: PM-Session=evil; Path=/\r\n"
                  + "Set-Cookie: __Host-pm-session=evil; Path=/; Secure\r\n"
                  + "Set-Cookie: __Secure-pm-session-live=evil; Secure\r\n"
                  + "Set-Cookie: pm-session=evil; Path=/cookies\r\n"
                  + "Set-Cookie: mine=1; Domain=.localhost; HttpOnly=x; Secure=0; Path\r\n";
          default -> "";
        };
    String type = path.endsWith(".js") ? "text/javascript" : "text/html";
    exchange.ok(
        more + "Content-Type: " + type + "\r\n",
        path.endsWith(".js") ? "" : "<title>BMC</title><link rel=icon href=data:,><p>" + path);
  }

  @BeforeEach
  void openSession() {
    browser.open(gateway.link(token()));
    assertEquals("/", browser.text());
  }

  private static String token() {
    return Tokens.mint(bmc.port(), "generic");
  }

  @Test
  void noServiceWorkerIsInstalled() {
    String result =
        (String) browser.await("navigator.serviceWorker.register('/sw.js').then(() => 'done')");

    assertTrue(result.startsWith("failed: "), result);
    assertFalse(bmc.exchanges().stream().anyMatch(each -> each.requestLine().contains("/sw.js")));
  }

  @Test
  void thePageLearnsOfItsSessionNoMoreThanItIsToldForDisplay() {
    assertEquals(
        List.of("ip", "vendor", "expires", "scope"),
        browser.await("fetch('/.gateway/session').then((r) => r.json()).then(Object.keys)"));
    String seen =
        browser.evaluate("document.cookie")
            + (String) browser.await("fetch('/.gateway/').then((r) => r.text())");
    assertFalse(seen.contains("eyJ"), seen);
    assertFalse(seen.contains("pm-session"), seen);
  }

  @Test
  void theGatewaysPagesAreFramedByNobody() {
    Object shown =
        browser.await(
            "new Promise((done) => { const frame = document.createElement('iframe');"
                + "frame.onload = () => done(Boolean(frame.contentDocument));"
                + "frame.src = '/.gateway/'; document.body.append(frame); })");

    assertEquals(false, shown);
  }

  @Test
  void aRedirectLogsNobodyOut() {
    browser.open(gateway.origin() + "/to-logout");
    browser.waitUntil("location.pathname === '/.gateway/logout'");
    browser.open(gateway.origin() + "/after");
    assertEquals("/after", browser.text());
  }

  @Test
  void neitherTheOperatorsPagesNorAnybodyElsesSessionsAreWithinReach() {
    assertFalse(Set.of(200L, 204L).contains(status("/.gateway/metrics")));
    Object revoking =
        browser.await(
            "fetch('/.gateway/admin/revocations', {method: 'POST', body: '{\"sub\": \"x\"}'})"
                + ".then((r) => r.status)");
    assertFalse(Set.of(200L, 201L, 204L).contains(revoking), () -> "status " + revoking);
  }

  @Test
  void noCookieOfTheGatewaysNamesIsSetByAnAnswer() {
    browser.open(gateway.origin() + "/cookies");

    assertEquals(
        Set.of("pm-session", "pm-session-live", "mine"), Set.copyOf(browser.cookieNames()));
    assertFalse(browser.cookies().toString().contains("evil"));
    assertEquals("", browser.evaluate("document.cookie"));
  }

  @Test
  void aCookieThatShadowsTheSessionIsGoneWithTheRequestThatItBroke() {
    script("document.cookie = 'pm-session=evil; path=/deep'");
    script("document.cookie = 'pm-session=evil; path=/deep/er/; secure; partitioned'");
    script("document.cookie = 'pm-session=evil; path=/.gateway'");

    assertEquals(400L, status("/deep/er/a"));
    assertEquals(200L, status("/deep/er/a"));
    assertEquals(400L, status("/.gateway/session"));
    assertEquals(200L, status("/.gateway/session"));
  }

  @Test
  void aCookieForTheWholeDomainBreaksOneRequestOfASibling() {
    String bad = gateway.origin().replace("localhost", "bad.bmc.localhost");
    String good = gateway.origin().replace("localhost", "good.bmc.localhost");
    browser.open(good + "/gpsession?token=" + token());
    browser.open(bad + "/gpsession?token=" + token());
    script("document.cookie = 'pm-session=evil; domain=bmc.localhost; path=/'");
    browser.open(good + "/broken");
    assertTrue(browser.text().contains("bad_request"), browser.text());
    browser.open(good + "/healed");
    assertEquals("/healed", browser.text());
  }

  @Test
  void aHostCookieIsNeitherShadowedNorOverwritten() throws Exception {
    try (GatewayFixture strict =
        GatewayFixture.builder(bmc.port())
            .keys(KEYS)
            .yaml("session:\n  cookie: __Host-pm-session")
            .start()) {
      String bad = strict.origin().replace("localhost", "bad.bmc.localhost");
      String good = strict.origin().replace("localhost", "good.bmc.localhost");
      browser.open(good + "/gpsession?token=" + token());
      browser.open(bad + "/gpsession?token=" + token());
      script("document.cookie = '__Host-pm-session=evil; domain=bmc.localhost; path=/; secure'");
      script("document.cookie = '__Host-pm-session=evil; path=/deep; secure'");
      script("document.cookie = '__Host-pm-session=evil; path=/; secure'");
      assertEquals(200L, status("/deep/a"));
      browser.open(good + "/whole");
      assertEquals("/whole", browser.text());
    }
  }

  @Test
  void aFullCookieJarCostsAtMostTheSession() {
    script("for (let i = 0; i < 400; i++) document.cookie = 'flood' + i + '=1; path=/; secure'");
    script("document.cookie = 'pm-session=evil; path=/; secure'");
    Object status = status("/after");
    assertTrue(Set.of(200L, 401L).contains(status), () -> "status " + status);

    browser.open(gateway.link(token()));
    assertEquals("/", browser.text());
  }

  @Test
  void thePageHasNoHoldOnTheOneThatOpenedIt() {
    portal.offer(gateway.origin(), token());
    browser.open(portal.url());
    String panel = browser.window();
    browser.inNewWindow(
        gateway.origin(),
        () -> script("window.open(document.querySelector('#link').href, 'console')"));
    browser.waitUntil("document.title === 'BMC'");

    assertEquals(null, browser.evaluate("window.opener"));
    browser.closeWindow(panel);
  }

  private static Object status(String path) {
    return browser.await("fetch('" + path + "').then((r) => r.status)");
  }

  private static void script(String statement) {
    browser.evaluate("(() => { " + statement + "; return true; })()");
  }
}
