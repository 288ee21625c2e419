package io.github.bmcgateway.entry;

import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files every second, in a thread of its own: on a network's file system a look may hang.
 * Safe for use by several threads.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  private static final long INTERVAL_MILLIS = 1_000;
  private static final long CLOSE_SECONDS = 5;

  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, FileWatch::daemon);

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "bmc-gateway-files");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins to look, in this order. */
  void start(List<Runnable> looks) {
    thread.scheduleWithFixedDelay(
        () -> looks.forEach(FileWatch::run),
        INTERVAL_MILLIS,
        INTERVAL_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private static void run(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      // What leaves a periodic task ends it: no change would ever be seen again.
      LOG.error("Files could not be looked at", e);
    }
  }

  /** Ends it; returns when no look runs any more, or after 5 seconds. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("A look at the settings' files hangs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
