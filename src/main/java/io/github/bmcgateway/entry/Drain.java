package io.github.bmcgateway.entry;

import io.github.bmcgateway.policy.LiveSessions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The first part of a shutdown: opens no new session, lets consoles live on for a while, and ends
 * them. Blocks meanwhile. Safe for use by several threads.
 */
final class Drain implements Runnable {
  private static final long POLL_MILLIS = 100;
  private static final long FAREWELL_MILLIS = 1_000;

  private final AtomicBoolean draining;
  private final LiveSessions sessions;
  private final Supplier<Duration> longest;
  private final Duration shortest;

  /**
   * @param draining is set when it begins
   * @param longest how long consoles may live on
   * @param shortest what it takes within that even if nothing runs: until a load balancer has
   *     noticed
   */
  Drain(
      AtomicBoolean draining,
      LiveSessions sessions,
      Supplier<Duration> longest,
      Duration shortest) {
    this.draining = draining;
    this.sessions = sessions;
    this.longest = longest;
    this.shortest = shortest;
  }

  @Override
  public void run() {
    draining.set(true);
    long begun = System.nanoTime();
    long longestNanos = longest.get().toNanos();
    try {
      while (goesOn(System.nanoTime() - begun, longestNanos)) {
        Thread.sleep(POLL_MILLIS);
      }
      boolean busy = sessions.isBusy();
      sessions.shutDown();
      if (busy) {
        // The close frames go out before the container closes the connections under them.
        Thread.sleep(FAREWELL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean goesOn(long nanos, long longestNanos) {
    return nanos < longestNanos && (nanos < shortest.toNanos() || sessions.isBusy());
  }
}
