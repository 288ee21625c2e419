package io.github.bmcgateway.policy;

import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.LoginLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets three logins of a minute fail at each BMC, and none go out until the first of them is a
 * minute old. Logins under way count like failed ones, so that many at once don't get past. A good
 * one doesn't make up for a failed one: that would spare who guesses beside somebody's good logins.
 * Holds nothing about BMCs without a recent login. Safe for use by several threads.
 */
public final class FailedLogins implements LoginLimits {
  private static final int MAX_FAILED = 3;
  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** Until one that is under way may be over. */
  private static final Duration SHORTLY = Duration.ofSeconds(1);

  private final Clock clock;
  private final Map<BmcPlace, Count> counts = new HashMap<>();

  public FailedLogins(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Verdict begin(Bmc bmc) {
    Instant now = clock.instant();
    counts.values().removeIf(count -> count.isIdle(now));
    Count count = counts.computeIfAbsent(BmcPlace.of(bmc), place -> new Count());
    count.forget(now);
    if (count.failed.size() >= MAX_FAILED) {
      return new Refused(Duration.between(now, count.failed.getFirst().plus(WINDOW)));
    }
    if (count.failed.size() + count.running >= MAX_FAILED) {
      return new Refused(SHORTLY);
    }
    count.running++;
    AtomicBoolean over = new AtomicBoolean();
    return new Allowed(
        failed -> {
          if (over.compareAndSet(false, true)) {
            over(count, failed);
          }
        });
  }

  private synchronized void over(Count count, boolean failed) {
    count.running--;
    if (failed) {
      count.failed.add(clock.instant());
    }
  }

  /** BMCs that something is held about. */
  synchronized int counted() {
    return counts.size();
  }

  /** The logins to one BMC; guarded by the lock of all. */
  private static final class Count {
    private final Deque<Instant> failed = new ArrayDeque<>();
    private int running;

    void forget(Instant now) {
      while (!failed.isEmpty() && !failed.getFirst().plus(WINDOW).isAfter(now)) {
        failed.removeFirst();
      }
    }

    boolean isIdle(Instant now) {
      forget(now);
      return running == 0 && failed.isEmpty();
    }
  }
}
