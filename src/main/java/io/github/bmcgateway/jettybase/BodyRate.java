package io.github.bmcgateway.jettybase;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Measures how fast one body comes while it is waited for, and tells when that is too slow. A
 * window of waiting that brought enough begins anew, so that what came fast before excuses nothing.
 * Safe for use by several threads.
 */
final class BodyRate implements AutoCloseable {
  private final long windowNanos;
  private final long bytesInWindow;
  private final Scheduler scheduler;
  private final Consumer<TimeoutException> tooSlow;

  private boolean awaited;
  private long awaitedSince;
  private long waitedNanos;
  private long bytes;
  private boolean over;
  private Scheduler.@Nullable Task look;

  /**
   * @param tooSlow is told once, on the scheduler's thread
   */
  BodyRate(
      Duration window,
      long bytesInWindow,
      Scheduler scheduler,
      Consumer<TimeoutException> tooSlow) {
    this.windowNanos = window.toNanos();
    this.bytesInWindow = bytesInWindow;
    this.scheduler = scheduler;
    this.tooSlow = tooSlow;
  }

  /** From now on the body is waited for. */
  synchronized void awaited() {
    awaited = true;
    awaitedSince = NanoTime.now();
    if (look == null && !over) {
      plan(windowNanos - waitedNanos);
    }
  }

  /** So much has come, or the end of it. */
  synchronized void came(long arrived) {
    settle();
    awaited = false;
    bytes += arrived;
  }

  /** The request is over. */
  @Override
  public synchronized void close() {
    over = true;
    if (look != null) {
      look.cancel();
      look = null;
    }
  }

  private void settle() {
    if (awaited) {
      long now = NanoTime.now();
      waitedNanos += NanoTime.elapsed(awaitedSince, now);
      awaitedSince = now;
    }
  }

  private void plan(long nanos) {
    look = scheduler.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    if (isTooSlow()) {
      tooSlow.accept(new TimeoutException("the body comes too slowly"));
    }
  }

  private synchronized boolean isTooSlow() {
    look = null;
    settle();
    if (over) {
      return false;
    }
    boolean full = waitedNanos >= windowNanos;
    if (full && bytes < bytesInWindow) {
      over = true;
      return true;
    }
    if (full) {
      waitedNanos = 0;
      bytes = 0;
    }
    if (awaited) {
      plan(windowNanos - waitedNanos);
    }
    return false;
  }
}
