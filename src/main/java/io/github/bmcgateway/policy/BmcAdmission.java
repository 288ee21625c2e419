package io.github.bmcgateway.policy;

import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcGate;
import io.github.bmcgateway.target.VendorProfile.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Keeps the number of connections to each BMC within what it bears, since some refuse or ban an
 * address that opens more, and all clients share the gateway's.
 *
 * <p>At most {@code requests} exchanges run at a time; others wait, the sessions taking turns. The
 * client's pool for pages has the same bound, idle connections counted. Sockets, which leave their
 * pool when they open, get what that leaves of {@code connections}; so do streams of events, as far
 * as half of it, or as many as {@code requests} where it has no bound. The client itself counts
 * what is open of both. Holds nothing about a BMC that nobody uses. Safe for use by several
 * threads; nothing is told under the lock.
 */
public final class BmcAdmission implements BmcGate {
  private final Supplier<Bounds> bounds;
  private final ScheduledExecutorService scheduler;
  private final Executor executor;
  private final Map<BmcPlace, Lane> lanes = new HashMap<>();

  /**
   * What holds where a profile says nothing, and for waiting.
   *
   * @param requests exchanges with one BMC at a time
   * @param queue exchanges that may wait for one BMC
   * @param patience how long one waits
   */
  public record Bounds(int requests, int queue, Duration patience) {}

  /** What one BMC is used for. */
  private static final class Lane {
    private final WaitingRoom<Waiter> waiting = new WaitingRoom<>();
    private int running;
    private int sockets;
    private int streams;

    boolean isIdle() {
      return running == 0 && sockets == 0 && streams == 0 && waiting.size() == 0;
    }
  }

  /**
   * @param bounds those that hold now; they may change, and those who wait keep theirs
   * @param scheduler ends the waiting of those whose time is up
   * @param executor runs what has waited for a permit
   */
  public BmcAdmission(
      Supplier<Bounds> bounds, ScheduledExecutorService scheduler, Executor executor) {
    this.bounds = bounds;
    this.scheduler = scheduler;
    this.executor = executor;
  }

  @Override
  public CompletableFuture<Permit> request(Bmc bmc, String session) {
    BmcPlace place = BmcPlace.of(bmc);
    Waiter waiter = new Waiter(place, session, requests(bmc.limits()));
    Optional<Waiter> refused = Optional.empty();
    synchronized (this) {
      Lane lane = lanes.computeIfAbsent(place, key -> new Lane());
      if (lane.running < waiter.limit && lane.waiting.size() == 0) {
        lane.running++;
        return CompletableFuture.completedFuture(once(() -> requestOver(place)));
      }
      if (lane.waiting.size() >= bounds.get().queue()) {
        refused = lane.waiting.whoMakesRoomFor(session).or(() -> Optional.of(waiter));
        lane.waiting.remove(refused.get().session, refused.get());
      }
      if (refused.filter(waiter::equals).isEmpty()) {
        lane.waiting.add(session, waiter);
      }
    }
    refused.ifPresent(Waiter::refuse);
    waiter.limitWaiting();
    return waiter.future;
  }

  private int requests(Limits limits) {
    return limits.requests() == 0 ? bounds.get().requests() : limits.requests();
  }

  @Override
  public synchronized Optional<Permit> socket(Bmc bmc) {
    BmcPlace place = BmcPlace.of(bmc);
    if (isFull(place, bmc.limits())) {
      return Optional.empty();
    }
    lanes.computeIfAbsent(place, key -> new Lane()).sockets++;
    return Optional.of(once(() -> socketOver(place)));
  }

  private boolean isFull(BmcPlace place, Limits limits) {
    Lane lane = lanes.get(place);
    int used = lane == null ? 0 : lane.sockets + lane.streams;
    return limits.connections() > 0 && used >= limits.connections() - requests(limits);
  }

  @Override
  public synchronized Optional<Permit> stream(Bmc bmc) {
    Limits limits = bmc.limits();
    BmcPlace place = BmcPlace.of(bmc);
    int used = lanes.containsKey(place) ? lanes.get(place).streams : 0;
    int requests = requests(limits);
    // Pages that are left open must not take all places of consoles.
    int most = limits.connections() == 0 ? requests : (limits.connections() - requests) / 2;
    if (used >= most || isFull(place, limits)) {
      return Optional.empty();
    }
    lanes.computeIfAbsent(place, key -> new Lane()).streams++;
    return Optional.of(once(() -> streamOver(place)));
  }

  /**
   * What all BMCs together are used for.
   *
   * @param running exchanges that run
   * @param waiting exchanges that wait for their turn
   * @param longestQueue exchanges that wait for the BMC where most wait
   * @param inUse BMCs that something uses or waits for
   */
  public record Load(int running, int waiting, int longestQueue, int inUse) {}

  /** What is in use now; looks at every BMC that is. */
  public synchronized Load load() {
    int running = 0;
    int waiting = 0;
    int longest = 0;
    for (Lane lane : lanes.values()) {
      running += lane.running;
      waiting += lane.waiting.size();
      longest = Math.max(longest, lane.waiting.size());
    }
    return new Load(running, waiting, longest, lanes.size());
  }

  /** BMCs that something uses or waits for. */
  synchronized int lanes() {
    return lanes.size();
  }

  private synchronized void socketOver(BmcPlace place) {
    Lane lane = lane(place);
    lane.sockets--;
    dropIfIdle(place, lane);
  }

  private synchronized void streamOver(BmcPlace place) {
    Lane lane = lane(place);
    lane.streams--;
    dropIfIdle(place, lane);
  }

  private void requestOver(BmcPlace place) {
    List<Waiter> next = new ArrayList<>();
    synchronized (this) {
      Lane lane = lane(place);
      lane.running--;
      admitNext(lane, next);
      dropIfIdle(place, lane);
    }
    next.forEach(this::tell);
  }

  private static void admitNext(Lane lane, List<Waiter> next) {
    Optional<Waiter> first = lane.waiting.first();
    while (first.isPresent() && lane.running < first.get().limit) {
      lane.waiting.takeFirst();
      lane.running++;
      next.add(first.get());
      first = lane.waiting.first();
    }
  }

  private void tell(Waiter waiter) {
    try {
      // Not on this thread, whose own exchange is only just over.
      executor.execute(waiter::admit);
    } catch (RejectedExecutionException shutDown) {
      waiter.refuse();
      requestOver(waiter.place);
    }
  }

  private void leave(Waiter waiter) {
    List<Waiter> next = new ArrayList<>();
    synchronized (this) {
      Lane lane = lanes.get(waiter.place);
      if (lane != null && lane.waiting.remove(waiter.session, waiter)) {
        // Who comes after may be under a profile that bears more.
        admitNext(lane, next);
        dropIfIdle(waiter.place, lane);
      }
    }
    next.forEach(this::tell);
  }

  private Lane lane(BmcPlace place) {
    Lane lane = lanes.get(place);
    if (lane == null) {
      throw new IllegalStateException("a permit without a lane");
    }
    return lane;
  }

  private void dropIfIdle(BmcPlace place, Lane lane) {
    if (lane.isIdle()) {
      lanes.remove(place);
    }
  }

  private static Permit once(Runnable release) {
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        release.run();
      }
    };
  }

  /** One exchange that waits; compared by identity. */
  private final class Waiter {
    private final BmcPlace place;
    private final String session;
    private final int limit;
    private final CompletableFuture<Permit> future = new CompletableFuture<>();

    Waiter(BmcPlace place, String session, int limit) {
      this.place = place;
      this.session = session;
      this.limit = limit;
    }

    void limitWaiting() {
      if (future.isDone()) {
        return;
      }
      ScheduledFuture<?> alarm =
          scheduler.schedule(this::refuse, bounds.get().patience().toNanos(), TimeUnit.NANOSECONDS);
      future.whenComplete(
          (permit, failure) -> {
            alarm.cancel(/* mayInterruptIfRunning= */ false);
            leave(this);
          });
    }

    void admit() {
      Permit permit = once(() -> requestOver(place));
      if (!future.complete(permit)) {
        permit.close();
      }
    }

    void refuse() {
      future.completeExceptionally(new RejectedExecutionException("the BMC is busy"));
    }
  }
}
