package io.github.bmcgateway.policy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Time that passes only when a test says so: a clock, and a scheduler that runs by it. */
public final class ManualTime extends AbstractExecutorService implements ScheduledExecutorService {
  private final List<Task<?>> tasks = new ArrayList<>();
  private Instant now;

  public ManualTime(Instant start) {
    now = start;
  }

  /** The clock that shows this time. */
  public Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now();
      }
    };
  }

  public synchronized Instant now() {
    return now;
  }

  /** Lets time pass up to the instant and runs what falls due, each task at its own moment. */
  public void advanceTo(Instant end) {
    for (Task<?> task = nextUntil(end); task != null; task = nextUntil(end)) {
      task.run();
    }
    set(end);
  }

  public void advance(Duration duration) {
    advanceTo(now().plus(duration));
  }

  /** Sets the clock without running anything, as an administrator does. */
  public synchronized void set(Instant instant) {
    now = instant;
  }

  /** Tasks that wait, those that were cancelled left out. */
  public synchronized int waiting() {
    tasks.removeIf(FutureTask::isCancelled);
    return tasks.size();
  }

  private synchronized Task<?> nextUntil(Instant end) {
    waiting();
    Task<?> next = tasks.stream().min(Comparator.naturalOrder()).orElse(null);
    if (next == null || next.at.isAfter(end)) {
      return null;
    }
    tasks.remove(next);
    now = next.at.isAfter(now) ? next.at : now;
    return next;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return schedule(
        () -> {
          command.run();
          return null;
        },
        delay,
        unit);
  }

  @Override
  public synchronized <V> ScheduledFuture<V> schedule(
      Callable<V> callable, long delay, TimeUnit unit) {
    Task<V> task = new Task<>(callable, now.plusNanos(unit.toNanos(Math.max(0, delay))));
    tasks.add(task);
    return task;
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void execute(Runnable command) {
    command.run();
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }

  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final Instant at;

    Task(Callable<V> callable, Instant at) {
      super(callable);
      this.at = at;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(Duration.between(now(), at));
    }

    @Override
    public int compareTo(Delayed other) {
      return at.compareTo(((Task<?>) other).at);
    }
  }
}
