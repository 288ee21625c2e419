package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcSession;
import io.github.bmcgateway.target.BmcSessionKeeper.Upload;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.VendorProfile.Logout;
import io.github.bmcgateway.target.VendorProfiles;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BmcSessionsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ManualTime time = new ManualTime(START);
  private final LiveSessions live =
      new LiveSessions(
          new RememberedEnds(100, time.clock()),
          Facts.revocations(time.clock()),
          (session, end) -> {},
          time.clock(),
          time);
  private final List<String> loggedOut = new ArrayList<>();
  private final BmcSessions sessions =
      new BmcSessions(
          session -> {
            loggedOut.add(session.fill("{key}"));
            return CompletableFuture.completedFuture(200);
          },
          () -> TimeUnit.MILLISECONDS.toNanos(time.clock().millis()));
  private final LiveSession early = live.session("early", START.plusSeconds(60), Facts.NONE);
  private final LiveSession late = live.session("late", START.plusSeconds(600), Facts.NONE);
  private final Bmc bmc =
      new Bmc(
          new BmcAddress(InetAddress.getLoopbackAddress(), 443, Optional.empty()),
          443,
          VendorProfiles.builtIn().find(Optional.of("ilo5")).orElseThrow());

  private BmcSession session(String key) {
    Logout logout = new Logout("POST", "/logout", Map.of(), Optional.of("{key}"));
    return new BmcSession(bmc, logout, Map.of("key", Secret.of(key)));
  }

  @Test
  void oneEndsWithTheTokenUnderWhichItWasOpened() {
    sessions.opened(early, session("key-of-early"));
    time.advance(Duration.ofSeconds(59));
    assertEquals(List.of(), loggedOut);
    time.advance(Duration.ofSeconds(1));
    assertEquals(List.of("key-of-early"), loggedOut);
    assertEquals(0, sessions.bmcs());
  }

  @Test
  void oneThatIsClosedWhileAUserOfItEndsIsForgottenByAll() {
    LiveSession ending =
        new LiveSession() {
          @Override
          public Optional<Registration> register(Kind kind, Work work) {
            return Optional.of(() -> live.logOut("late", START.plusSeconds(600)));
          }

          @Override
          public String id() {
            return "ending";
          }
        };
    sessions.opened(ending, session("key-of-both"));
    sessions.used(late, bmc, each -> each.isIn("sessionKey=key-of-both"));
    sessions.closed(bmc, each -> true);
    assertEquals(List.of(), loggedOut);
    assertEquals(0, sessions.bmcs());
    assertFalse(live.isBusy());
    assertEquals(0, live.busy());
  }

  @Test
  void oneLastsAsLongAsAnyTokenThatUsesIt() {
    sessions.opened(early, session("key-of-early"));
    sessions.used(late, bmc, each -> each.isIn("sessionKey=key-of-early"));
    time.advance(Duration.ofSeconds(100));
    assertEquals(List.of(), loggedOut);
    live.logOut("late", START.plusSeconds(600));
    assertEquals(List.of("key-of-early"), loggedOut);
  }

  @Test
  void oneMovesToTheTokenThatFollowsInTheSameBrowser() {
    sessions.opened(early, session("key-of-early"));
    live.move("early", "late", START.plusSeconds(600), Facts.NONE);
    time.advance(Duration.ofSeconds(599));
    assertEquals(List.of(), loggedOut);
    time.advance(Duration.ofSeconds(1));
    assertEquals(List.of("key-of-early"), loggedOut);
  }

  @Test
  void oneOpenedUnderASessionThatHasEndedIsEndedAtOnce() {
    live.logOut("early", START.plusSeconds(60));
    sessions.opened(early, session("key-of-early"));
    assertEquals(List.of("key-of-early"), loggedOut);
  }

  @Test
  void oneIsLeftToItsBmcDuringAnUploadAndHalfAnHourAfterIt() {
    sessions.opened(early, session("key-of-early"));
    sessions.opened(late, session("key-of-late"));
    Upload first = sessions.upload(bmc);
    Upload second = sessions.upload(bmc);
    first.over(/* sent= */ true);
    first.over(/* sent= */ true);
    live.logOut("early", START.plusSeconds(60));
    second.over(/* sent= */ false);
    live.logOut("late", START.plusSeconds(600));
    assertEquals(List.of(), loggedOut);
    assertEquals(0, sessions.bmcs());

    time.advance(BmcSessions.WRITING.plusSeconds(1));
    LiveSession after = live.session("after", time.clock().instant().plusSeconds(60), Facts.NONE);
    sessions.opened(after, session("key-of-after"));
    live.logOut("after", time.clock().instant().plusSeconds(60));
    assertEquals(List.of("key-of-after"), loggedOut);
  }

  @Test
  void oneIsEndedAfterAnUploadThatNeverWentOut() {
    sessions.opened(early, session("key-of-early"));
    Upload refused = sessions.upload(bmc);
    refused.over(/* sent= */ false);
    refused.over(/* sent= */ true);
    live.logOut("early", START.plusSeconds(60));
    assertEquals(List.of("key-of-early"), loggedOut);
    assertEquals(0, sessions.bmcs());
  }

  @Test
  void oneThatWasClosedIsForgotten() {
    sessions.opened(early, session("key-of-early"));
    sessions.closed(bmc, each -> each.isIn("key-of-early"));
    live.shutDown();
    assertEquals(List.of(), loggedOut);
    assertEquals(0, sessions.bmcs());
  }

  @Test
  void onlyTheLatestOfManyAreRemembered() {
    for (int i = 0; i < BmcSessions.MAX_PER_BMC + 3; i++) {
      sessions.opened(early, session("key-number-" + i));
    }
    live.shutDown();
    assertEquals(BmcSessions.MAX_PER_BMC, loggedOut.size());
    assertFalse(loggedOut.contains("key-number-2"));
    assertTrue(loggedOut.contains("key-number-3"));
  }

  @Test
  void noShutdownWaitsForThem() {
    sessions.opened(early, session("key-of-early"));
    assertFalse(live.isBusy());
  }

  @Test
  void theyDoNotPrintTheirSecrets() {
    assertFalse(session("key-of-early").toString().contains("key-of-early"));
  }

  @Test
  void aShortValueTellsNothing() {
    assertFalse(session("3").isIn("/Sessions/3"));
  }

  @Test
  void itsPathTellsNothing() {
    String path = "/redfish/v1/SessionService/Sessions/7";
    Logout logout = new Logout("DELETE", "{session}", Map.of(), Optional.empty());
    Map<String, Secret> values =
        Map.of("session", Secret.of(path), "token", Secret.of("token-of-seven"));
    BmcSession session = new BmcSession(bmc, logout, values);
    assertFalse(session.isIn("https://localhost" + path));
    assertTrue(session.isIn("token-of-seven"));
  }
}
