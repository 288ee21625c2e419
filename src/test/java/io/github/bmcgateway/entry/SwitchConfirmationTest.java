package io.github.bmcgateway.entry;

import static io.github.bmcgateway.entry.EntryFixture.START;
import static io.github.bmcgateway.entry.EntryFixture.cookies;
import static io.github.bmcgateway.entry.EntryFixture.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.token.TestTokens;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where another site would take a browser from one BMC to another. */
class SwitchConfirmationTest {
  private static final String CROSS_SITE =
      "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
  private static final String MARKER = "Cookie: pm-session-live=1\r\n";

  private final TestTokens here = token("10.0.0.5").claim("vendor", "idrac9");
  private final TestTokens there = token("10.0.0.6").claim("host", "bmc-6.lab");
  private EntryFixture gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = new EntryFixture();
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CROSS_SITE,
        "Referer: https://portal.example/servers\r\n",
        "Referer: https://portal.example/servers\r\nAccept: text/html\r\n"
      })
  void aLinkOnAnotherSiteAsksBeforeItSwitches(String from) throws Exception {
    for (String method : List.of("GET", "HEAD")) {
      assertAsks(
          gateway.request(
              method,
              "/gpsession?token=" + there.build(),
              from + cookies(here) + "Accept: */*\r\n"));
    }
  }

  @Test
  void thePageNamesBothAndLetsTheUserStay() throws Exception {
    String page = link(there, CROSS_SITE + cookies(here)).text();
    int left = page.indexOf("<h2>You leave</h2>");
    int entered = page.indexOf("<h2>You open</h2>");
    assertTrue(left > 0 && entered > left, page);
    assertTrue(page.substring(left, entered).contains("<dd>10.0.0.5</dd>"));
    assertTrue(page.substring(left, entered).contains("The &lt;idrac9&gt; &amp; co"));
    assertTrue(page.substring(entered).contains("<dd>bmc-6.lab</dd>"));
    assertTrue(page.contains("<a href=\"/\">Cancel"));
    assertTrue(page.contains("name=\"token\" value=\"" + there.build() + "\""));
  }

  @Test
  void theClickSwitches() throws Exception {
    String own = "Sec-Fetch-Site: same-origin\r\nOrigin: https://localhost\r\n" + cookies(here);
    assertSwitches(gateway.form("/gpsession", "token=" + there.build(), own));
  }

  @Test
  void aFormOnAnotherSiteAsksToo() throws Exception {
    String form = "token=" + there.build();
    assertAsks(gateway.form("/gpsession", form, CROSS_SITE + cookies(here)));
    assertAsks(
        gateway.form("/gpsession", form, "Origin: https://portal.example\r\n" + cookies(here)));
    assertAsks(gateway.form("/gpsession", form, "Origin: null\r\n" + cookies(here)));
  }

  /** As browsers do with {@code SameSite=Lax} cookies and the forms of other sites. */
  @Test
  void aFormOnAnotherSiteWithTheSessionWithheldAsksToo() throws Exception {
    Answer page = gateway.form("/gpsession", "token=" + there.build(), CROSS_SITE + MARKER);
    assertAsks(page);
    assertTrue(page.text().contains("Another server may be open"));
    assertTrue(page.text().contains("<dd>bmc-6.lab</dd>"));
  }

  @Test
  void aPictureOnAnotherSiteClearsNothingWhileThereIsASession() throws Exception {
    String picture = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n";
    assertAsks(link(there, picture + MARKER));
  }

  static Stream<Arguments> withoutAsking() {
    TestTokens here = token("10.0.0.5");
    return Stream.of(
        Arguments.of("no session", CROSS_SITE),
        Arguments.of(
            "a session of the same BMC",
            CROSS_SITE + cookies(token("10.0.0.6").claim("host", "bmc-6.lab"))),
        Arguments.of("an expired one", CROSS_SITE + cookies(TestTokens.token("10.0.0.5", START))),
        Arguments.of("a forged one", CROSS_SITE + cookies(token("10.0.0.5").key("x".repeat(32)))),
        Arguments.of(
            "one for another host",
            CROSS_SITE + cookies(token("10.0.0.5").claim("aud", "pm.example.com"))),
        Arguments.of(
            "an unused link's token", CROSS_SITE + cookies(token("10.0.0.5").claim("once", true))),
        Arguments.of("the same site", "Sec-Fetch-Site: same-site\r\n" + cookies(here)),
        Arguments.of("a typed address", "Sec-Fetch-Site: none\r\n" + cookies(here)),
        Arguments.of("a page of its own", "Referer: https://localhost/a\r\n" + cookies(here)),
        Arguments.of("nothing said", cookies(here)),
        Arguments.of("nothing said, marked", MARKER));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withoutAsking")
  void anythingElseGoesStraightOn(String what, String headers) throws Exception {
    Answer answer = link(there, headers);
    assertEquals(302, answer.status());
    assertTrue(
        answer.values("Set-Cookie").stream()
            .anyMatch(cookie -> cookie.startsWith("pm-session=" + there.build() + ";")));
  }

  @Test
  void aSessionThatWasLoggedOutIsNotLeft() throws Exception {
    assertEquals(200, gateway.form("/.gateway/logout", "", cookies(here)).status());
    assertSwitches(link(there, CROSS_SITE + cookies(here)));
  }

  @Test
  void oneOfSeveralSessionsIsEnough() throws Exception {
    assertAsks(link(there, CROSS_SITE + cookies(there, here)));
  }

  private Answer link(TestTokens token, String headers) throws Exception {
    return gateway.get("/gpsession?token=" + token.build(), headers);
  }

  private static void assertAsks(Answer page) {
    assertEquals(200, page.status(), page.head());
    assertEquals(List.of("same-origin"), page.values("Referrer-Policy"));
    assertEquals(List.of("no-store"), page.values("Cache-Control"));
    assertFalse(page.has("Set-Cookie"));
    assertFalse(page.has("Clear-Site-Data"));
  }

  private static void assertSwitches(Answer answer) {
    assertEquals(302, answer.status());
    assertEquals(List.of("\"cache\", \"storage\""), answer.values("Clear-Site-Data"));
  }
}
