package io.github.bmcgateway.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is promised within a time, seen on a machine that has other things to do as well. */
public final class Promptly {
  private static final int ATTEMPTS = 3;

  private Promptly() {}

  /** Something that takes time. */
  @FunctionalInterface
  public interface Attempt {
    /** Does it, and tells how long it took. */
    Duration take() throws Exception;
  }

  /** Something that this thread works at. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  /** How long this thread's processor works at it, whatever else keeps it busy meanwhile. */
  public static Duration processorTime(Work work) throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    work.run();
    return Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
  }

  /** Fails unless one of a few attempts takes less than the time. */
  public static void assertWithin(Duration promised, Attempt attempt) throws Exception {
    List<Duration> took = new ArrayList<>();
    boolean kept = false;
    while (!kept && took.size() < ATTEMPTS) {
      took.add(attempt.take());
      kept = took.get(took.size() - 1).compareTo(promised) < 0;
    }
    assertTrue(kept, () -> "not within " + promised + " but " + took);
  }
}
