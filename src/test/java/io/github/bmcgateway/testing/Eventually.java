package io.github.bmcgateway.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread is about to bring about. */
public final class Eventually {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 10;

  private Eventually() {}

  /** Returns once the condition holds; fails with the description when it doesn't in time. */
  public static void holds(String description, BooleanSupplier condition) {
    holds(description, LIMIT, condition);
  }

  public static void holds(String description, Duration limit, BooleanSupplier condition) {
    holds(() -> description, limit, condition);
  }

  /** The same; the description is made when it is needed, and may tell what is there instead. */
  public static void holds(Supplier<String> description, BooleanSupplier condition) {
    holds(description, LIMIT, condition);
  }

  private static void holds(
      Supplier<String> description, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limit + ": " + description.get());
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
