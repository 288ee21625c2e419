package io.github.bmcgateway.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * How often each client may come: so many times a minute, all at once or spread. Clients that
 * haven't come for a minute are forgotten, and beyond {@value #CLIENTS} those that came least, who
 * then may come anew: it never refuses somebody for what others did. Safe for use by several
 * threads.
 */
public final class LinkRate {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int CLIENTS = 100_000;

  private final Ticker ticker;
  private final Cache<String, Allowance> clients;

  /**
   * Nobody has come yet.
   *
   * @param ticker tells the time that passes
   */
  public LinkRate(Ticker ticker) {
    this.ticker = ticker;
    clients =
        Caffeine.newBuilder()
            .ticker(ticker)
            .maximumSize(CLIENTS)
            .expireAfterAccess(Duration.ofMinutes(1))
            .build();
  }

  /**
   * Counts a visit.
   *
   * @param client who comes
   * @param perMinute how often each may, at least 1; may be another at each call
   * @return nothing if it may, else how long it has to wait until it may again
   */
  public Optional<Duration> visit(String client, int perMinute) {
    return clients
        .get(client, any -> new Allowance(ticker.read()))
        .take(ticker.read(), MINUTE / perMinute);
  }

  /** By the time at which all is spent that was used (the generic cell rate algorithm, GCRA). */
  private static final class Allowance {
    private long usedUntil;

    Allowance(long now) {
      usedUntil = now;
    }

    synchronized Optional<Duration> take(long now, long interval) {
      long from = usedUntil - now < 0 ? now : usedUntil;
      long wait = from + interval - MINUTE - now;
      if (wait > 0) {
        return Optional.of(Duration.ofNanos(wait));
      }
      usedUntil = from + interval;
      return Optional.empty();
    }
  }
}
