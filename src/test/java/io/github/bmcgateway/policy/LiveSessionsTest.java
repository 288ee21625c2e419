package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.LiveSession.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveSessionsTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant EXPIRY = START.plusSeconds(1800);

  private final ManualTime time = new ManualTime(START);
  private final EndedSessions ended = new RememberedEnds(100, time.clock());
  private final Revocations revocations = Facts.revocations(time.clock());
  private final List<String> ends = new ArrayList<>();
  private final LiveSessions sessions =
      new LiveSessions(
          ended,
          revocations,
          (session, end) -> ends.add(session.subject().orElse("") + " " + end),
          time.clock(),
          time);
  private final LiveSession session = sessions.session("a", EXPIRY, Facts.NONE);
  private final List<String> log = new ArrayList<>();

  @Test
  void aConsoleEndsExactlyAtExpiry() {
    start(session, Kind.CONSOLE, "console");
    time.advanceTo(EXPIRY.minusNanos(1));
    assertEquals(List.of(), log);
    time.advanceTo(EXPIRY);
    assertEquals(List.of("console EXPIRED"), log);
    time.advance(Duration.ofHours(1));
    assertEquals(List.of("console EXPIRED"), log);
  }

  @Test
  void aRequestMayRunOnForFifteenMinutes() {
    start(session, Kind.REQUEST, "upload");
    time.advanceTo(EXPIRY.plusSeconds(900).minusNanos(1));
    assertEquals(List.of(), log);
    time.advanceTo(EXPIRY.plusSeconds(900));
    assertEquals(List.of("upload EXPIRED"), log);
  }

  @Test
  void eachSessionEndsAtItsOwnExpiryWhateverTheOrderOfTheirStarts() {
    start(sessions.session("late", EXPIRY.plusSeconds(60), Facts.NONE), Kind.CONSOLE, "late");
    start(sessions.session("soon", START.plusSeconds(5), Facts.NONE), Kind.CONSOLE, "soon");
    start(session, Kind.CONSOLE, "middle");
    time.advanceTo(START.plusSeconds(5));
    assertEquals(List.of("soon EXPIRED"), log);
    time.advanceTo(EXPIRY);
    assertEquals(List.of("soon EXPIRED", "middle EXPIRED"), log);
    time.advanceTo(EXPIRY.plusSeconds(60));
    assertEquals(List.of("soon EXPIRED", "middle EXPIRED", "late EXPIRED"), log);
  }

  @Test
  void nothingBeginsAfterExpiry() {
    time.advanceTo(EXPIRY);
    assertTrue(session.register(Kind.CONSOLE, end -> {}).isEmpty());
    assertTrue(session.register(Kind.REQUEST, end -> {}).isEmpty());
  }

  @Test
  void aClockThatIsSetForwardIsNoticedWithinAMinute() {
    start(session, Kind.CONSOLE, "console");
    time.set(EXPIRY.plusSeconds(1));
    time.advance(Duration.ofMinutes(1));
    assertEquals(List.of("console EXPIRED"), log);
  }

  @Test
  void logoutCutsBothKindsAtOnceAndNothingElse() {
    start(session, Kind.CONSOLE, "console");
    start(session, Kind.REQUEST, "request");
    start(sessions.session("b", EXPIRY, Facts.NONE), Kind.CONSOLE, "other");
    sessions.logOut("a", EXPIRY);
    assertEquals(List.of("console LOGGED_OUT", "request LOGGED_OUT"), log);
    assertTrue(session.register(Kind.REQUEST, end -> {}).isEmpty());
    assertTrue(ended.isEnded("a", EXPIRY));
    assertFalse(ended.isEnded("b", EXPIRY));
  }

  @Test
  void shutdownEndsEverythingForGood() {
    start(session, Kind.CONSOLE, "console");
    start(sessions.session("b", EXPIRY, Facts.NONE), Kind.REQUEST, "request");
    sessions.shutDown();
    sessions.shutDown();
    assertEquals(2, log.size());
    assertTrue(log.containsAll(List.of("console SHUTDOWN", "request SHUTDOWN")));
    assertTrue(session.register(Kind.CONSOLE, end -> {}).isEmpty());
  }

  @Test
  void finishedWorkIsNotEnded() {
    Registration registration = start(session, Kind.CONSOLE, "console");
    registration.close();
    registration.close();
    sessions.logOut("a", EXPIRY);
    assertEquals(List.of(), log);
  }

  @Test
  void workThatFailsToEndDoesNotKeepTheRestAlive() {
    session.register(
        Kind.CONSOLE,
        end -> {
          throw new IllegalStateException("planted");
        });
    start(session, Kind.CONSOLE, "second");
    time.advanceTo(EXPIRY);
    assertEquals(List.of("second EXPIRED"), log);
  }

  @Test
  void anAlarmIsKeptOnlyWhileSomethingRuns() {
    for (int i = 0; i < 1000; i++) {
      start(session, Kind.REQUEST, "request").close();
    }
    assertEquals(1, time.waiting());
    time.advance(Duration.ofMinutes(2));
    assertEquals(0, time.waiting());
    assertEquals(List.of(), log);
  }

  @Test
  void aNewLinkCarriesOpenConsolesToTheLaterExpiry() {
    start(session, Kind.CONSOLE, "console");
    sessions.move("a", "next", EXPIRY.plusSeconds(600), Facts.NONE);
    time.advanceTo(EXPIRY.plusSeconds(599));
    assertEquals(List.of(), log);
    time.advanceTo(EXPIRY.plusSeconds(600));
    assertEquals(List.of("console EXPIRED"), log);
  }

  @Test
  void aNewLinkThatEndsEarlierShortensNothing() {
    start(session, Kind.CONSOLE, "console");
    sessions.move("a", "next", START.plusSeconds(60), Facts.NONE);
    time.advanceTo(EXPIRY.minusNanos(1));
    assertEquals(List.of(), log);
    time.advanceTo(EXPIRY);
    assertEquals(List.of("console EXPIRED"), log);
  }

  @Test
  void movedWorkBelongsToTheNewSession() {
    Registration first = start(session, Kind.CONSOLE, "first");
    start(session, Kind.CONSOLE, "second");
    start(sessions.session("next", EXPIRY, Facts.NONE), Kind.CONSOLE, "third");
    sessions.move("a", "next", EXPIRY.plusSeconds(600), Facts.NONE);
    sessions.logOut("a", EXPIRY);
    assertEquals(List.of(), log);
    first.close();
    sessions.logOut("next", EXPIRY.plusSeconds(600));
    assertEquals(List.of("third LOGGED_OUT", "second LOGGED_OUT"), log);
  }

  @Test
  void workCountsForTheSessionThatItWasMovedTo() {
    LiveSession next = sessions.session("next", EXPIRY, Facts.NONE);
    Registration first = start(session, Kind.CONSOLE, "first");
    start(session, Kind.REQUEST, "request");
    start(next, Kind.CONSOLE, "second");
    assertEquals(1, session.running(Kind.CONSOLE));
    sessions.move("a", "next", EXPIRY, Facts.NONE);
    assertEquals(0, session.running(Kind.CONSOLE));
    assertEquals(2, next.running(Kind.CONSOLE));
    first.close();
    assertEquals(1, next.running(Kind.CONSOLE));
    assertEquals(1, next.running(Kind.REQUEST));
  }

  @Test
  void nothingMovesToASessionThatWasEnded() {
    start(session, Kind.CONSOLE, "console");
    sessions.logOut("next", EXPIRY.plusSeconds(600));
    sessions.move("a", "next", EXPIRY.plusSeconds(600), Facts.NONE);
    time.advanceTo(EXPIRY);
    assertEquals(List.of("console EXPIRED"), log);
  }

  @Test
  void aRevocationEndsWhatRunsUnderItsTokensOnly() {
    start(sessions.session("ada", EXPIRY, of("ada")), Kind.CONSOLE, "ada's");
    start(sessions.session("bob", EXPIRY, of("bob")), Kind.REQUEST, "bob's");
    revoke("ada");
    assertEquals(1, sessions.endRevoked());
    assertEquals(List.of("ada's REVOKED"), log);
    assertEquals(0, sessions.endRevoked());
  }

  @Test
  void nothingBeginsUnderARevokedToken() {
    LiveSession admitted = sessions.session("ada", EXPIRY, of("ada"));
    revoke("ada");
    assertTrue(admitted.register(Kind.CONSOLE, end -> {}).isEmpty());
  }

  @Test
  void movedWorkStillEndsWithTheTokenThatItBeganUnder() {
    start(sessions.session("a", EXPIRY, of("ada")), Kind.CONSOLE, "console");
    sessions.move("a", "next", EXPIRY, of("other"));
    revoke("ada");
    assertEquals(1, sessions.endRevoked());
  }

  @Test
  void nothingMovesToARevokedToken() {
    start(session, Kind.CONSOLE, "console");
    revoke("ada");
    sessions.move("a", "next", EXPIRY.plusSeconds(600), of("ada"));
    time.advanceTo(EXPIRY);
    assertEquals(List.of("console EXPIRED"), log);
  }

  private static SessionFacts of(String subject) {
    return Facts.of("", subject, "10.0.0.5", Optional.of(START));
  }

  private void revoke(String subject) {
    revocations.add(
        new Revocation(Revocation.Kind.SUB, subject, time.clock().instant(), Optional.empty()));
  }

  @Test
  void movingToItselfChangesNothing() {
    start(session, Kind.CONSOLE, "console");
    sessions.move("a", "a", EXPIRY, Facts.NONE);
    sessions.logOut("a", EXPIRY);
    assertEquals(List.of("console LOGGED_OUT"), log);
  }

  @Test
  void workThatBeginsWhileALogoutRunsIsRefusedOrCutButNeverMissed() throws Exception {
    var threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 200; round++) {
        String id = "race-" + round;
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger cut = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 3; i++) {
          threads.execute(
              () -> {
                Optional<Registration> registration =
                    sessions
                        .session(id, EXPIRY, Facts.NONE)
                        .register(Kind.CONSOLE, end -> cut.incrementAndGet());
                registration.ifPresent(r -> begun.incrementAndGet());
                done.countDown();
              });
        }
        threads.execute(
            () -> {
              sessions.logOut(id, EXPIRY);
              done.countDown();
            });
        assertTrue(done.await(10, TimeUnit.SECONDS));
        assertEquals(begun.get(), cut.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Registration start(LiveSession under, Kind kind, String name) {
    return under.register(kind, (End end) -> log.add(name + " " + end)).orElseThrow();
  }
}
