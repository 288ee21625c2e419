package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.PublicOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginRuleTest {
  private static final PublicOrigin SELF = new PublicOrigin("https", "pm.example.com", 443);

  @ParameterizedTest
  @CsvSource({
    "GET, same-origin, true",
    "GET, none, true",
    "GET, same-site, false",
    "GET, cross-site, false",
    "GET, something-new, false",
    "HEAD, cross-site, false",
    "POST, same-origin, true",
    "POST, none, true",
    "POST, same-site, false",
    "POST, cross-site, false",
    "DELETE, cross-site, false",
    "OPTIONS, cross-site, false",
    "PROPFIND, same-site, false"
  })
  void aRequestOfAnotherSitesPageIsRefused(String method, String site, boolean permitted) {
    assertEquals(permitted, permits(FakeRequest.of(method).header("Sec-Fetch-Site", site)));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, cross-site, navigate, true",
    "HEAD, cross-site, navigate, true",
    "GET, same-site, navigate, true",
    "GET, cross-site, no-cors, false",
    "GET, cross-site, cors, false",
    "GET, cross-site, websocket, false",
    "POST, cross-site, navigate, false",
    "PUT, same-site, navigate, false"
  })
  void aLinkFromAnotherSiteMayBeFollowedButNotAForm(
      String method, String site, String mode, boolean permitted) {
    assertEquals(
        permitted,
        permits(
            FakeRequest.of(method)
                .header("Sec-Fetch-Site", site)
                .header("Sec-Fetch-Mode", mode)
                .header("Accept", "text/html")));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "cross-site, -, -, true",
        "something-new, -, -, true",
        "same-site, -, https://portal.example.com/, false",
        "same-origin, null, -, false",
        "none, -, -, false",
        "none, -, https://portal.example/, false",
        "-, -, -, false",
        "-, null, -, true",
        "-, https://pm.example.com, -, false",
        "-, https://pm.example.com, https://portal.example/, false",
        "-, https://portal.example, -, true",
        "-, -, https://pm.example.com/gpsession?token=x, false",
        "-, -, https://pm.example.com:8443/, true",
        "-, -, https://pm.example.com.portal.example/, true",
        "-, -, https://pm.example.com@portal.example/, true",
        "-, -, https://portal.example/?https://pm.example.com, true",
        "-, -, https://portal.example, true",
        "-, -, nonsense, true"
      })
  void anotherSiteIsKnownByWhatTheBrowserSaysOfIt(
      String site, String origin, String referrer, boolean another) {
    assertEquals(
        another,
        OriginRule.isFromAnotherSite(
            FakeRequest.get()
                .header("Sec-Fetch-Site", site)
                .header("Origin", origin)
                .header("Referer", referrer)
                .request(),
            SELF));
  }

  @Test
  void withoutAModeAPageIsWhatAcceptsHtml() {
    FakeRequest request = FakeRequest.get().header("Sec-Fetch-Site", "cross-site");
    assertFalse(permits(request));
    assertTrue(permits(request.header("Accept", "text/html,application/xhtml+xml;q=0.9")));
  }

  @Test
  void anUpgradeIsNeverANavigation() {
    assertFalse(
        permits(
            upgrade().header("Sec-Fetch-Site", "cross-site").header("Sec-Fetch-Mode", "navigate")));
    assertTrue(permits(upgrade().header("Sec-Fetch-Site", "same-origin")));
  }

  @Test
  void oneOfSeveralSitesThatIsForeignIsEnough() {
    assertFalse(
        permits(
            FakeRequest.of("POST")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Sec-Fetch-Site", "cross-site")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://pm.example.com",
        "https://pm.example.com:443",
        "http://pm.example.com",
        "http://pm.example.com:80",
        "https://PM.example.com"
      })
  void withoutTheSiteTheOriginHasToBeOurs(String origin) {
    assertTrue(permits(upgrade().header("Origin", origin)));
    assertTrue(permits(FakeRequest.of("POST").header("Origin", origin)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "https://evil.example",
        "https://pm.example.com.evil.example",
        "https://pm.example.com:8443",
        "https://pm.example.com:80",
        "https://pm.example.com@evil.example",
        "https://pm.example.com/",
        "pm.example.com",
        "ftp://pm.example.com",
        "chrome-extension://pm.example.com",
        "https://pm.example.com https://evil.example"
      })
  void withoutTheSiteAForeignOriginIsRefused(String origin) {
    assertFalse(permits(upgrade().header("Origin", origin)));
    assertFalse(permits(FakeRequest.of("POST").header("Origin", origin)));
    assertFalse(permits(FakeRequest.of("DELETE").header("Origin", origin)));
  }

  @Test
  void anAbsentOriginPassesWhereNoBrowserOmitsIt() {
    assertTrue(permits(upgrade()));
    assertTrue(permits(FakeRequest.of("POST")));
  }

  @Test
  void twoOriginsAreNone() {
    assertFalse(
        permits(
            FakeRequest.of("POST")
                .header("Origin", "https://pm.example.com")
                .header("Origin", "https://pm.example.com")));
  }

  @Test
  void aReadIsNotJudgedByItsOrigin() {
    assertTrue(permits(FakeRequest.get().header("Origin", "https://evil.example")));
  }

  @Test
  void aPageWithoutReferrerMayPostToItself() {
    assertTrue(
        permits(
            FakeRequest.of("POST")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Origin", "null")));
  }

  @Test
  void aSiteAndAnOriginThatContradictEachOtherAreRefused() {
    assertFalse(
        permits(
            FakeRequest.of("POST")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Origin", "https://evil.example")));
  }

  @Test
  void aPortOfOurOwnHasToBeTheSame() {
    PublicOrigin dev = new PublicOrigin("https", "localhost", 8443);
    assertTrue(
        OriginRule.permits(upgrade().header("Origin", "https://localhost:8443").request(), dev));
    assertFalse(OriginRule.permits(upgrade().header("Origin", "https://localhost").request(), dev));
    assertFalse(
        OriginRule.permits(upgrade().header("Origin", "https://localhost:9443").request(), dev));
  }

  @Test
  void anUpgradeOfHttp2IsOneToo() {
    FakeRequest connect =
        FakeRequest.of("CONNECT")
            .with("getProtocol", "HTTP/2.0")
            .with("getRequestURI", "/kvm")
            .header("Sec-WebSocket-Version", "13");
    assertTrue(Browsers.isExtendedConnect(connect.request()));
    assertTrue(permits(connect));
    assertFalse(permits(connect.header("Origin", "https://evil.example")));
  }

  private static FakeRequest upgrade() {
    return FakeRequest.get().header("Upgrade", "websocket").header("Connection", "Upgrade");
  }

  private static boolean permits(FakeRequest request) {
    return OriginRule.permits(request.request(), SELF);
  }
}
