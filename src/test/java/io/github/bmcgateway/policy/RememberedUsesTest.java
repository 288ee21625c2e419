package io.github.bmcgateway.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bmcgateway.policy.UsedLinks.State;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RememberedUsesTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant EXPIRY = START.plusSeconds(60);

  private final ManualTime time = new ManualTime(START);
  private final UsedLinks links = new RememberedUses(2, time.clock());

  @Test
  void aLinkIsFreshOnce() {
    assertEquals(State.FRESH, now(links.use("a", EXPIRY)));
    assertEquals(State.USED, now(links.use("a", EXPIRY)));
    assertEquals(State.USED, now(links.look("a")));
    assertEquals(State.FRESH, now(links.use("b", EXPIRY)));
  }

  @Test
  void lookingUsesNothingUp() {
    assertEquals(State.FRESH, now(links.look("a")));
    assertEquals(State.FRESH, now(links.use("a", EXPIRY)));
  }

  @Test
  void aFullMemoryForgetsNothingAndTakesNothing() {
    links.use("late", EXPIRY.plusSeconds(1));
    links.use("soon", EXPIRY);
    assertEquals(State.UNAVAILABLE, now(links.use("c", EXPIRY)));
    assertEquals(State.UNAVAILABLE, now(links.look("c")));
    assertEquals(State.USED, now(links.use("soon", EXPIRY)));
    time.advanceTo(EXPIRY);
    assertEquals(State.FRESH, now(links.use("c", EXPIRY.plusSeconds(1))));
    assertEquals(State.USED, now(links.look("late")));
    assertEquals(State.UNAVAILABLE, now(links.look("d")));
  }

  @Test
  void ofManyAtOnceOneIsFirst() {
    for (int round = 0; round < 2; round++) {
      String id = "race-" + round;
      List<State> states =
          IntStream.range(0, 100).parallel().mapToObj(i -> now(links.use(id, EXPIRY))).toList();
      assertEquals(1, states.stream().filter(State.FRESH::equals).count());
    }
  }

  @Test
  void aMemoryForNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RememberedUses(0, time.clock()));
  }

  private static State now(CompletionStage<State> stage) {
    return stage.toCompletableFuture().getNow(null);
  }
}
