package io.github.bmcgateway.policy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Used links where all nodes see them. What the server doesn't answer in time is {@link
 * State#UNAVAILABLE}. Safe for use by several threads; has a few of its own, that wait in the
 * callers' stead.
 */
final class SharedUses implements UsedLinks, AutoCloseable {
  private static final int THREADS = 4;
  private static final int WAITING = 1_000;

  /** Whoever has waited longer is told that it doesn't work: the link mustn't be used up then. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** By which the nodes' clocks may differ. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final SharedMemory memory;
  private final Clock clock;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          30,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING),
          SharedUses::daemon);

  SharedUses(SharedMemory memory, Clock clock) {
    this.memory = memory;
    this.clock = clock;
    threads.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "bmc-gateway-used-links");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public CompletionStage<State> use(String id, Instant expires) {
    // For a time rather than until one: the server's clock doesn't count.
    return ask(
        () ->
            memory.mark(id, Duration.between(clock.instant(), expires).plus(MARGIN))
                ? State.FRESH
                : State.USED);
  }

  @Override
  public CompletionStage<State> look(String id) {
    return ask(() -> memory.isMarked(id) ? State.USED : State.FRESH);
  }

  private CompletionStage<State> ask(Supplier<State> question) {
    long asked = System.nanoTime();
    try {
      return CompletableFuture.supplyAsync(
              () -> System.nanoTime() - asked < PATIENCE_NANOS ? question.get() : State.UNAVAILABLE,
              threads)
          .exceptionally(failure -> State.UNAVAILABLE);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedStage(State.UNAVAILABLE);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
