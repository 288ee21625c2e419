package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkRateTest {
  private long now = -1;
  private final LinkRate rate = new LinkRate(() -> now);

  private int visits(String client, int perMinute) {
    int count = 0;
    while (rate.visit(client, perMinute).isEmpty()) {
      count++;
    }
    return count;
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void aMinutesVisitsMayComeAtOnceAndNoMore() {
    assertEquals(60, visits("a", 60));
    assertEquals(Optional.of(Duration.ofSeconds(1)), rate.visit("a", 60));
  }

  @Test
  void whatWasUsedComesBackEvenly() {
    visits("a", 60);
    pass(Duration.ofSeconds(10));
    assertEquals(10, visits("a", 60));
    pass(Duration.ofMinutes(10));
    assertEquals(60, visits("a", 60));
  }

  @Test
  void waitingAsLongAsIsSaidIsEnough() {
    visits("a", 7);
    pass(rate.visit("a", 7).orElseThrow());
    assertTrue(rate.visit("a", 7).isEmpty());
  }

  @Test
  void refusedVisitsCostNothing() {
    visits("a", 60);
    for (int i = 0; i < 1000; i++) {
      rate.visit("a", 60);
    }
    pass(Duration.ofSeconds(1));
    assertTrue(rate.visit("a", 60).isEmpty());
  }

  @Test
  void othersAreNotMeant() {
    visits("a", 60);
    assertEquals(60, visits("b", 60));
  }

  @Test
  void aChangedNumberCountsFromThenOn() {
    visits("a", 1);
    pass(Duration.ofSeconds(30));
    assertEquals(0, visits("a", 1));
    assertEquals(30, visits("a", 60));
  }
}
