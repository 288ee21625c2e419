package io.github.bmcgateway.proxy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Counts the connections to each BMC together, whatever they are for: pages, consoles that are open
 * or being opened, logouts, the question of which vendor it is. One more than the BMC bears isn't
 * opened: an unused one is closed for it first, and until one is, it waits. Safe for use by several
 * threads; nobody is told anything under the lock.
 */
final class Slots {
  private final Duration patience;
  private final Map<Object, Lane> lanes = new HashMap<>();

  /** Those who wait at all BMCs: a look at it spares most releases the lock. */
  private final AtomicInteger waiting = new AtomicInteger();

  /** Connections to one BMC that take turns at what is asked of it. */
  interface Pool {
    /** How many connections the BMC bears in all, as far as this pool knows; 0 for any number. */
    int bears();

    /** When, in nanoseconds of the JVM's clock, the connection was last used that was so first. */
    long unusedSince();

    /** Closes the connection that is unused longest; whether there was one. */
    boolean giveUp();
  }

  /** Who wants to open a connection. */
  interface Opener {
    /**
     * There is a slot.
     *
     * @param slot to be closed when the connection is, or has come to nothing
     */
    void open(Slot slot);

    /** There was none in time. */
    void refuse();
  }

  /** The place of one connection; closing is idempotent. */
  @FunctionalInterface
  interface Slot {
    void close();
  }

  private static final class Lane {
    private final Set<Pool> pools = new HashSet<>();
    private final Deque<Opener> waiting = new ArrayDeque<>();
    private int open;

    /** Connections that were given up and may not be closed yet. */
    private int givenUp;

    boolean hasRoom() {
      int bears = pools.stream().mapToInt(Pool::bears).filter(some -> some > 0).min().orElse(0);
      return bears == 0 || open < bears;
    }
  }

  /**
   * @param patience how long a connection waits for its slot
   */
  Slots(Duration patience) {
    this.patience = patience;
  }

  /** From now on a pool's connections may be closed for others of this place. */
  synchronized void join(Object place, Pool pool) {
    lane(place).pools.add(pool);
  }

  /** The pool is no more. */
  void leave(Object place, Pool pool) {
    List<Opener> next;
    synchronized (this) {
      Lane lane = lane(place);
      lane.pools.remove(pool);
      next = admit(place, lane);
    }
    next.forEach(opener -> opener.open(slot(place)));
  }

  /** Asks for a slot, now or later. */
  void acquire(Object place, Opener opener, Scheduler scheduler) {
    if (isTaken(place, opener)) {
      opener.open(slot(place));
      return;
    }
    scheduler.schedule(() -> expire(place, opener), patience.toNanos(), TimeUnit.NANOSECONDS);
    makeRoom(place);
  }

  /** A connection of this place is unused, perhaps. */
  void spare(Object place) {
    if (waiting.get() > 0) {
      makeRoom(place);
    }
  }

  /** Connections that are open, or being opened, to all BMCs. */
  synchronized int open() {
    return lanes.values().stream().mapToInt(lane -> lane.open).sum();
  }

  private synchronized boolean isTaken(Object place, Opener opener) {
    Lane lane = lane(place);
    boolean free = lane.waiting.isEmpty() && lane.hasRoom();
    if (free) {
      lane.open++;
    } else {
      lane.waiting.add(opener);
      waiting.incrementAndGet();
    }
    return free;
  }

  private void makeRoom(Object place) {
    List<Pool> pools = poolsToAsk(place);
    if (!pools.isEmpty() && pools.stream().noneMatch(Pool::giveUp)) {
      synchronized (this) {
        Lane lane = lane(place);
        lane.givenUp = Math.max(0, lane.givenUp - 1);
        dropUnused(place);
      }
    }
  }

  /** The pools of which one is to give a connection up, who was idle longest first. */
  private synchronized List<Pool> poolsToAsk(Object place) {
    Lane lane = lanes.get(place);
    if (lane == null || lane.waiting.size() <= lane.givenUp || lane.pools.isEmpty()) {
      return List.of();
    }
    lane.givenUp++;
    long now = System.nanoTime();
    return lane.pools.stream()
        .sorted(Comparator.comparingLong(pool -> pool.unusedSince() - now))
        .toList();
  }

  private Slot slot(Object place) {
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        closed(place);
      }
    };
  }

  private void closed(Object place) {
    List<Opener> next;
    synchronized (this) {
      Lane lane = lane(place);
      lane.open--;
      lane.givenUp = Math.max(0, lane.givenUp - 1);
      next = admit(place, lane);
    }
    next.forEach(opener -> opener.open(slot(place)));
  }

  private List<Opener> admit(Object place, Lane lane) {
    List<Opener> next = new ArrayList<>();
    while (!lane.waiting.isEmpty() && lane.hasRoom()) {
      next.add(lane.waiting.remove());
      lane.open++;
      waiting.decrementAndGet();
    }
    dropUnused(place);
    return next;
  }

  private void expire(Object place, Opener opener) {
    boolean waited;
    synchronized (this) {
      Lane lane = lanes.get(place);
      waited = lane != null && lane.waiting.remove(opener);
      if (waited) {
        waiting.decrementAndGet();
        dropUnused(place);
      }
    }
    if (waited) {
      opener.refuse();
    }
  }

  private Lane lane(Object place) {
    return lanes.computeIfAbsent(place, key -> new Lane());
  }

  private void dropUnused(Object place) {
    Lane lane = lanes.get(place);
    if (lane != null && lane.open == 0 && lane.waiting.isEmpty() && lane.pools.isEmpty()) {
      lanes.remove(place);
    }
  }
}
