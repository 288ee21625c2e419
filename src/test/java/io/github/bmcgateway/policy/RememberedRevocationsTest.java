package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.policy.Revocation.Kind;
import io.github.bmcgateway.policy.Revocations.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RememberedRevocationsTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration LIFE = Duration.ofHours(1);

  private final ManualTime time = new ManualTime(START);
  private final Revocations revocations = new RememberedRevocations(2, () -> LIFE, time.clock());

  @Test
  void eachKindHitsItsOwnClaimOnly() {
    revocations.add(of(Kind.JTI, "x", START));
    assertTrue(isRevoked("x", "", "10.0.0.1"));
    assertFalse(isRevoked("", "x", "10.0.0.1"));
    revocations.add(of(Kind.BMC, "fd00::5", START));
    assertTrue(isRevoked("", "", "fd00::5"));
    assertTrue(isRevoked("y", "z", "FD00:0::5"));
    assertFalse(isRevoked("y", "z", "fd00::6"));
  }

  @Test
  void aSubjectsTokensAreHitUnlessTheyWereIssuedLater() {
    revocations.add(of(Kind.SUB, "ada", START));
    assertTrue(revocations.isRevoked(issued(START)));
    assertFalse(revocations.isRevoked(issued(START.plusSeconds(1))));
    assertTrue(isRevoked("", "ada", "10.0.0.1"), "one that doesn't say when");
  }

  @Test
  void aRevocationIsForgottenWhenTheLongestTokenHasExpired() {
    revocations.add(of(Kind.SUB, "ada", START));
    time.advanceTo(START.plus(LIFE).minusNanos(1));
    assertTrue(revocations.isRevoked(issued(START)));
    assertEquals(1, revocations.current().size());
    time.advanceTo(START.plus(LIFE));
    assertFalse(revocations.isRevoked(issued(START)));
    assertEquals(List.of(), revocations.current());
    assertEquals(Outcome.OUTDATED, revocations.add(of(Kind.SUB, "ada", START)));
  }

  @Test
  void aTokenThatDoesNotSayWhenItWasIssuedIsNotForgotten() {
    revocations.add(of(Kind.SUB, "ada", START));
    time.advanceTo(START.plus(LIFE.multipliedBy(48)));
    assertTrue(isRevoked("", "ada", "10.0.0.1"));
  }

  @Test
  void aTokenThatIsNamedIsHitEvenIfItsIssuersClockIsAhead() {
    revocations.add(of(Kind.JTI, "x", START));
    Optional<Instant> later = Optional.of(START.plusSeconds(5));
    assertTrue(revocations.isRevoked(Facts.of("x", "", "10.0.0.1", later)));
  }

  @Test
  void ofTwoTheOneThatReachesFurtherCounts() {
    assertEquals(Outcome.ADDED, revocations.add(of(Kind.SUB, "ada", START)));
    assertEquals(Outcome.KNOWN, revocations.add(of(Kind.SUB, "ada", START.minusSeconds(5))));
    assertTrue(revocations.isRevoked(issued(START)));
    assertEquals(Outcome.ADDED, revocations.add(of(Kind.SUB, "ada", START.plusSeconds(5))));
    assertTrue(revocations.isRevoked(issued(START.plusSeconds(5))));
    assertEquals(1, revocations.current().size());
  }

  @Test
  void noneGivesWayToAnother() {
    revocations.add(of(Kind.JTI, "a", START));
    revocations.add(of(Kind.JTI, "b", START));
    assertEquals(Outcome.FULL, revocations.add(of(Kind.JTI, "c", START)));
    assertTrue(isRevoked("a", "", "10.0.0.1"));
    assertTrue(isRevoked("b", "", "10.0.0.1"));
    assertEquals(Outcome.ADDED, revocations.add(of(Kind.JTI, "a", START.plusSeconds(1))));
    time.advanceTo(START.plus(LIFE));
    assertEquals(Outcome.ADDED, revocations.add(of(Kind.JTI, "c", time.clock().instant())));
  }

  private static Revocation of(Kind kind, String value, Instant before) {
    return new Revocation(kind, value, before, Optional.empty());
  }

  private static SessionFacts issued(Instant at) {
    return Facts.of("", "ada", "10.0.0.1", Optional.of(at));
  }

  private boolean isRevoked(String jti, String sub, String bmc) {
    return revocations.isRevoked(Facts.of(jti, sub, bmc, Optional.empty()));
  }
}
