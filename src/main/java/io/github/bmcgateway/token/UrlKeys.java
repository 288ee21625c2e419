package io.github.bmcgateway.token;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys of a URL, fetched in the background. Requests take what is there; only a token that names an
 * unknown key may wait for a fetch, for a bounded time, in bounded number, and seldom. While the
 * server is out, the keys that it gave last stay in force for a day. Nimbus' cache would fetch in
 * the threads of requests. Safe for use by several threads.
 */
final class UrlKeys implements KeySource {
  /** How often the set is fetched when nothing calls for it. */
  static final Duration REFRESH = Duration.ofMinutes(5);

  /** How long until the next fetch after one that failed. */
  static final Duration RETRY = Duration.ofSeconds(30);

  /** How often at most unknown keys make it fetched. */
  static final Duration UNKNOWN_KEY = Duration.ofSeconds(10);

  /** How long the keys stay in force when they can't be fetched any more. */
  static final Duration TOLERANCE = Duration.ofHours(24);

  /** How long a request waits for a key that is unknown so far. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Requests that wait at a time; the others are answered by what is known. */
  static final int MAX_WAITING = 8;

  private static final Logger LOG = LoggerFactory.getLogger(UrlKeys.class);

  private final String setting;
  private final Supplier<CompletableFuture<String>> fetch;
  private final LongSupplier nanoTime;
  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private final Object lock = new Object();
  private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
  private long startedNanos;
  private boolean isStarted;
  private volatile String failure = "";
  private volatile Known known = new Known("", KeyRing.EMPTY, 0);

  /** What the server gave last; nothing before the first success. */
  private record Known(String text, KeyRing keys, long sinceNanos) {}

  /**
   * Fetches nothing before the first {@link #look()}.
   *
   * @param setting named in messages
   * @param fetch yields the set's text, or fails, in bounded time
   * @param nanoTime a clock like {@link System#nanoTime()}
   */
  UrlKeys(String setting, Supplier<CompletableFuture<String>> fetch, LongSupplier nanoTime) {
    this.setting = setting;
    this.fetch = fetch;
    this.nanoTime = nanoTime;
  }

  @Override
  public KeyRing current() {
    Known now = known;
    return isOlder(now.sinceNanos(), TOLERANCE) ? KeyRing.EMPTY : now.keys();
  }

  @Override
  public Optional<String> missing() {
    return current().size() > 0
        ? Optional.empty()
        : Optional.of(setting + ": the keys could not be fetched so far, or for a day");
  }

  /** Starts a fetch when it is time. */
  @Override
  public void look() {
    synchronized (lock) {
      Duration pause = failure.isEmpty() ? REFRESH : RETRY;
      if (running.isDone() && (!isStarted || isOlder(startedNanos, pause))) {
        start();
      }
    }
  }

  @Override
  public KeyRing renewed() {
    CompletableFuture<Void> refresh;
    synchronized (lock) {
      if (running.isDone() && (!isStarted || isOlder(startedNanos, UNKNOWN_KEY))) {
        start();
      }
      refresh = running;
    }
    if (!refresh.isDone() && waiting.tryAcquire()) {
      try {
        await(refresh);
      } finally {
        waiting.release();
      }
    }
    return current();
  }

  private static void await(CompletableFuture<Void> refresh) {
    try {
      refresh.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The keys that are known are the answer.
      return;
    }
  }

  private void start() {
    isStarted = true;
    startedNanos = nanoTime.getAsLong();
    running =
        fetched()
            .handle(
                (text, problem) -> {
                  if (problem == null) {
                    take(text);
                  } else {
                    fail(reason(problem));
                  }
                  return null;
                });
  }

  private CompletableFuture<String> fetched() {
    try {
      return fetch.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void take(String text) {
    try {
      boolean isNew = !text.equals(known.text());
      KeyRing keys = isNew ? JwkSets.parse(text) : known.keys();
      known = new Known(text, keys, nanoTime.getAsLong());
      if (isNew || !failure.isEmpty()) {
        LOG.info("{}: keys in force: {}", setting, keys.size());
      }
      failure = "";
    } catch (InvalidKeysException e) {
      fail("the set is refused: " + e.getMessage());
    }
  }

  private void fail(String why) {
    if (!why.equals(failure)) {
      LOG.warn("{}: not fetched: {}. Keys that stay in force: {}", setting, why, current().size());
    }
    failure = why;
  }

  private static String reason(Throwable problem) {
    Throwable cause = problem.getCause() == null ? problem : problem.getCause();
    return cause instanceof JwkSetFetch.FetchFailedException
        ? String.valueOf(cause.getMessage())
        : cause.getClass().getSimpleName();
  }

  private boolean isOlder(long sinceNanos, Duration age) {
    return nanoTime.getAsLong() - sinceNanos >= age.toNanos();
  }
}
