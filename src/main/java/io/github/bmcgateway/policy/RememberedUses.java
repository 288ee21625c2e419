package io.github.bmcgateway.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Used links in this process's memory, each until its token expires, in bounded number. When it is
 * full it forgets none: further links have to wait until the next one expires. Every answer is
 * there at once.
 */
public final class RememberedUses implements UsedLinks {
  private record Mark(Instant expires, String id) {}

  private final int capacity;
  private final Clock clock;
  private final Set<String> ids = new HashSet<>();
  private final Queue<Mark> byExpiry = new PriorityQueue<>(Comparator.comparing(Mark::expires));

  /**
   * An empty memory.
   *
   * @param capacity most links that are remembered, at least 1; about 200 bytes each
   */
  public RememberedUses(int capacity, Clock clock) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is " + capacity + ", at least 1 is needed");
    }
    this.capacity = capacity;
    this.clock = clock;
  }

  @Override
  public synchronized CompletionStage<State> use(String id, Instant expires) {
    State state = state(id);
    if (state == State.FRESH) {
      ids.add(id);
      byExpiry.add(new Mark(expires, id));
    }
    return CompletableFuture.completedStage(state);
  }

  @Override
  public synchronized CompletionStage<State> look(String id) {
    return CompletableFuture.completedStage(state(id));
  }

  private State state(String id) {
    forgetExpired();
    if (ids.contains(id)) {
      return State.USED;
    }
    return ids.size() < capacity ? State.FRESH : State.UNAVAILABLE;
  }

  private void forgetExpired() {
    Instant now = clock.instant();
    for (Mark first = byExpiry.peek();
        first != null && !first.expires().isAfter(now);
        first = byExpiry.peek()) {
      ids.remove(first.id());
      byExpiry.remove();
    }
  }
}
