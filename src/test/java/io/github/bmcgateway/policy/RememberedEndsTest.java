package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RememberedEndsTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  private final ManualTime time = new ManualTime(START);
  private final RememberedEnds ends = new RememberedEnds(3, time.clock());

  @Test
  void anEndedSessionStaysEndedUntilItsTokenExpires() {
    ends.end("a", at(60));
    time.advanceTo(at(60).minusNanos(1));
    ends.end("b", at(120));
    assertTrue(ends.isEnded("a", at(60)));
    assertFalse(ends.isEnded("c", at(60)));
  }

  @Test
  void expiredSessionsMakeRoom() {
    for (int second = 1; second <= 1000; second++) {
      time.advanceTo(at(second));
      ends.end("s" + second, at(second + 2));
    }
    assertFalse(ends.isEnded("other", at(1001)));
    assertTrue(ends.isEnded("s1000", at(1002)));
  }

  @Test
  void endingTwiceTakesNoSecondPlace() {
    for (int i = 0; i < 10; i++) {
      ends.end("a", at(60));
    }
    ends.end("b", at(70));
    ends.end("c", at(80));
    assertFalse(ends.isEnded("other", at(60)));
  }

  @Test
  void whenFullNoEndedSessionComesBackToLife() {
    ends.end("soonest", at(60));
    ends.end("b", at(120));
    ends.end("c", at(180));
    ends.end("d", at(240));
    assertTrue(ends.isEnded("soonest", at(60)));
    assertTrue(ends.isEnded("b", at(120)));
    assertTrue(ends.isEnded("c", at(180)));
    assertTrue(ends.isEnded("d", at(240)));
    assertTrue(ends.isEnded("innocent, but expires as soon", at(60)));
    assertFalse(ends.isEnded("innocent", at(61)));
  }

  @Test
  void whenFullAndTheNewOneExpiresSoonestItStaysEndedToo() {
    ends.end("a", at(100));
    ends.end("b", at(120));
    ends.end("c", at(180));
    ends.end("soonest", at(50));
    assertTrue(ends.isEnded("soonest", at(50)));
    assertFalse(ends.isEnded("innocent", at(51)));
  }

  @Test
  void aMemoryOfNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RememberedEnds(0, time.clock()));
  }

  private static Instant at(long seconds) {
    return START.plus(Duration.ofSeconds(seconds));
  }
}
