package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionCookiesTest {
  private final SessionCookies cookies = new SessionCookies("pm-session");

  @Test
  void everyCookieOfOurNameCountsHoweverItIsSent() {
    FakeRequest request =
        FakeRequest.get()
            .header("Cookie", "a=1; pm-session=x.y.z;b=2 ; pm-session = q ")
            .header("Cookie", "pm-session=\"p\"; pm-session=")
            .header("Cookie", "c=pm-session=3; PM-SESSION=4; xpm-session=5; pm-session");
    assertEquals(List.of("x.y.z", "q", "\"p\"", ""), cookies.tokens(request.request()));
    assertEquals(
        Set.of("a", "b", "c", "PM-SESSION", "xpm-session", ""),
        cookies.otherNames(request.request()));
  }

  @Test
  void noCookiesAreNone() {
    assertEquals(List.of(), cookies.tokens(FakeRequest.get().request()));
    assertEquals(
        Set.of(), cookies.otherNames(FakeRequest.get().header("Cookie", " ; ;").request()));
  }

  @Test
  void theCookieOutlivesItsTokenByADay() {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    assertEquals(
        "pm-session=x.y.z; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=88200",
        cookies.open("x.y.z", "0123456789", now, now.plusSeconds(1800)).get(0));
  }

  @Test
  void aMarkerTellsOtherSitesFormsOfTheSessionAsLongAsItLasts() {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    assertEquals(
        "pm-session-live=01234567; Path=/; HttpOnly; SameSite=None; Secure; Max-Age=1800",
        cookies.open("x.y.z", "0123456789", now, now.plusSeconds(1800)).get(1));
    FakeRequest marked = FakeRequest.get().header("Cookie", "a=1; pm-session-live=1");
    assertTrue(cookies.isMarked(marked.request()));
    assertEquals(List.of(), cookies.tokens(marked.request()));
    assertEquals(Set.of("a"), cookies.otherNames(marked.request()));
    assertFalse(cookies.isMarked(FakeRequest.get().header("Cookie", "pm-session=1").request()));
  }

  @Test
  void bothAreTakenBack() {
    assertEquals(
        List.of(
            "pm-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0",
            "pm-session-live=; Path=/; HttpOnly; SameSite=None; Secure; Max-Age=0"),
        cookies.close());
  }

  @Test
  void aHostPrefixWorksBySetting() {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    assertEquals(
        "__Host-pm=t; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=86401",
        new SessionCookies("__Host-pm").open("t", "id", now, now.plusSeconds(1)).get(0));
  }

  @Test
  void aNamelessCookieCanBeExpiredToo() {
    assertEquals("sid=; Path=/; Secure; Max-Age=0", SessionCookies.expire("sid"));
    assertEquals("x; Path=/; Secure; Max-Age=0", SessionCookies.expire(""));
  }
}
