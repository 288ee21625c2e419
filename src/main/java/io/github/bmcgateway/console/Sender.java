package io.github.bmcgateway.console;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Threads for what {@code jakarta.websocket} only offers blocking. Pieces of a message that is too
 * long to be sent whole go by a few threads of their own, so that browsers that have stopped
 * reading can't hold up all others; a console that is idle, or whose messages fit, uses none.
 */
final class Sender implements AutoCloseable {
  private static final int STREAM_THREADS = 32;
  private static final int IDLE_SECONDS = 30;

  private final Supplier<? extends Executor> shared;
  private final ExecutorService streams;

  Sender(Supplier<? extends Executor> shared) {
    this.shared = shared;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            STREAM_THREADS,
            STREAM_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Sender::thread);
    pool.allowCoreThreadTimeOut(true);
    this.streams = pool;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "console-stream");
    thread.setDaemon(true);
    return thread;
  }

  /** Runs what may block for as long as a browser doesn't read. */
  void stream(Runnable task) {
    streams.execute(task);
  }

  /** Runs what may block for a moment. */
  void brief(Runnable task) {
    shared.get().execute(task);
  }

  @Override
  public void close() {
    streams.shutdownNow();
  }
}
