package io.github.bmcgateway.console;

import io.github.bmcgateway.target.LiveSession.Registration;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All consoles of this gateway, and the clock that they share. Safe for use by several threads. */
final class Consoles implements Bridge.Timer {
  private static final Logger LOG = LoggerFactory.getLogger(Consoles.class);

  private final Timing timing;
  private final Scheduler scheduler;
  private final TcpTable table;
  private final Set<Bridge> all = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean ticking = new AtomicBoolean();

  Consoles(Timing timing, Scheduler scheduler, TcpTable table) {
    this.timing = timing;
    this.scheduler = scheduler;
    this.table = table;
  }

  /** A new console. */
  Bridge create(Bounds bounds) {
    return new Bridge(timing, this, bounds);
  }

  /** Keeps a console's time until it is over, and then takes it off the session's register. */
  void keep(Bridge bridge, Registration registration) {
    all.add(bridge);
    bridge.onOver(
        () -> {
          all.remove(bridge);
          registration.close();
        });
    if (ticking.compareAndSet(false, true)) {
      after(timing.ping(), this::tick);
    }
  }

  private void tick() {
    all.forEach(bridge -> attempt(bridge::tick));
    attempt(
        () -> {
          boolean waiting = all.stream().anyMatch(Bridge::isWaiting);
          Map<String, Integer> unanswered = waiting ? table.unanswered() : Map.of();
          all.forEach(bridge -> attempt(() -> bridge.look(unanswered)));
        });
    if (all.isEmpty()) {
      ticking.set(false);
      // One may have come between the look and the reset.
      if (all.isEmpty() || !ticking.compareAndSet(false, true)) {
        return;
      }
    }
    after(timing.ping(), this::tick);
  }

  /** What fails for one mustn't stop the clock of all. */
  private static void attempt(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warn("A console could not be looked after", e);
    }
  }

  @Override
  public void after(Duration delay, Runnable task) {
    try {
      scheduler.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      // The client's scheduler has stopped, and with it every connection.
    }
  }
}
