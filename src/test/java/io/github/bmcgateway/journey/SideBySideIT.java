package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Tokens;
import java.security.KeyStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two BMCs of different vendors at the same time in one browser, each under a host name of its own
 * that its token names: what deployments with several tenants do.
 */
class SideBySideIT {

  /** Chromium takes every name below localhost for loopback, without asking DNS. */
  private static final String FIRST_HOST = "a.pm.localhost";

  private static final String SECOND_HOST = "b.pm.localhost";
  private static final String SESSION_COOKIE = "pm-session";

  private final KeyStore keys = TestCertificates.localhost(FIRST_HOST, SECOND_HOST);
  private Idrac9Simulator first;
  private Ilo5Simulator second;
  private GatewayFixture gateway;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    first = Idrac9Simulator.builder().tag("TAGOFDRAC9").start();
    second = Ilo5Simulator.builder().tag("TAGOFILO5").start();
    gateway =
        GatewayFixture.builder(first.port(), second.port())
            .keys(keys)
            .yaml("session: {publicHosts: ['*.pm.localhost']}")
            .start();
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
  void bothConsolesMoveAndNothingIsShared() throws Exception {
    Idrac9Pages firstPages = new Idrac9Pages(browser, first);
    Ilo5Pages secondPages = new Ilo5Pages(browser, second);
    String firstToken = token(first.port(), "idrac9", FIRST_HOST);
    String secondToken = token(second.port(), "ilo5", SECOND_HOST);

    browser.open(link(FIRST_HOST, firstToken));
    firstPages.logIn(first.password());
    firstPages.awaitDashboard();
    String firstMain = browser.window();
    Set<String> firstCookies = browser.cookies();
    firstPages.openConsole();
    firstPages.awaitMovingPicture();
    String firstConsole = browser.window();

    browser.openTab();
    browser.open(link(SECOND_HOST, secondToken));
    secondPages.logIn(second.password());
    secondPages.awaitApplication();
    String secondMain = browser.window();
    Set<String> secondCookies = browser.cookies();
    secondPages.openConsole();
    secondPages.awaitMovingPicture();
    browser.screenshot("side-by-side-second");

    browser.switchTo(firstConsole);
    firstPages.awaitMovingPicture();
    browser.screenshot("side-by-side-first");
    browser.switchTo(firstMain);
    assertEquals(first.tag(), browser.evaluate("localStorage.getItem('idrac.unit')"));
    assertEquals(firstCookies, browser.cookies());
    assertApart(firstCookies, secondCookies);

    assertRefused(FIRST_HOST, secondToken);
    assertRefused(SECOND_HOST, firstToken);
    browser.switchTo(secondMain);
    secondPages.awaitEvents(1);

    assertNothingCrossed();
    assertEquals(List.of(), first.recorder().violations());
    assertEquals(List.of(), second.recorder().violations());
  }

  private static String token(int bmcPort, String vendor, String host) {
    return Tokens.mint(bmcPort, 1800, claims -> claims.claim("vendor", vendor).claim("aud", host));
  }

  private String link(String host, String token) {
    return "https://" + host + ":" + gateway.port() + "/gpsession?token=" + token;
  }

  private static void assertApart(Set<String> one, Set<String> other) {
    assertTrue(one.stream().anyMatch(cookie -> cookie.startsWith(SESSION_COOKIE + "=")));
    assertTrue(other.stream().anyMatch(cookie -> cookie.startsWith(SESSION_COOKIE + "=")));
    assertTrue(one.size() > 1 && other.size() > 1, () -> one + " and " + other);
    Set<String> both = new HashSet<>(one);
    both.retainAll(other);
    assertEquals(Set.of(), both);
  }

  /** In a tab of its own, as a link that somebody has edited would be opened. */
  private void assertRefused(String host, String token) {
    browser.openTab();
    browser.open(link(host, token));
    assertEquals(
        401L, browser.evaluate("performance.getEntriesByType('navigation')[0].responseStatus"));
    assertTrue(browser.text().contains("invalid_token"), browser.text());
  }

  private void assertNothingCrossed() {
    assertFalse(first.recorder().requests().isEmpty());
    first
        .recorder()
        .requests()
        .forEach(
            request ->
                assertFalse(request.headers().toString().contains("sessionKey"), "" + request));
    second
        .recorder()
        .requests()
        .forEach(
            request ->
                assertFalse(
                    request.headers().toString().matches("(?s).*(-http-session-|idrac_unit).*"),
                    "" + request));
  }
}
