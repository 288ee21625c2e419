package io.github.bmcgateway.policy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Revocations in this process's memory, in bounded number. None gives way to another: when it is
 * full, a new one is refused.
 */
public final class RememberedRevocations implements Revocations {
  private final int capacity;
  private final Supplier<Duration> retention;
  private final Clock clock;
  private final Map<Revocation.Key, Revocation> all = new ConcurrentHashMap<>();

  /**
   * An empty memory.
   *
   * @param capacity most revocations that are remembered
   * @param retention the longest time from a token's issue to its expiry, as it is set now
   */
  public RememberedRevocations(int capacity, Supplier<Duration> retention, Clock clock) {
    this.capacity = capacity;
    this.retention = retention;
    this.clock = clock;
  }

  @Override
  public synchronized Outcome add(Revocation revocation) {
    Instant now = clock.instant();
    if (isOutdated(revocation, now)) {
      return Outcome.OUTDATED;
    }
    Revocation.Key key = revocation.key();
    Revocation known = all.get(key);
    if (known != null && !known.before().isBefore(revocation.before())) {
      return Outcome.KNOWN;
    }
    if (known == null && all.size() >= capacity) {
      all.values().removeIf(each -> isOutdated(each, now));
      if (all.size() >= capacity) {
        return Outcome.FULL;
      }
    }
    all.put(key, revocation);
    return Outcome.ADDED;
  }

  @Override
  public boolean isRevoked(SessionFacts session) {
    return !all.isEmpty()
        && Revocation.keysOf(session).stream()
            .map(all::get)
            .anyMatch(found -> found != null && isInForce(found, session));
  }

  @Override
  public List<Revocation> current() {
    Instant now = clock.instant();
    return all.values().stream().filter(each -> !isOutdated(each, now)).toList();
  }

  private boolean isInForce(Revocation revocation, SessionFacts session) {
    // A token that doesn't say when it was issued may become valid long after: its expiry is
    // bounded
    // by the time from now only.
    return revocation.covers(session.issued())
        && (session.issued().isEmpty() || !isOutdated(revocation, clock.instant()));
  }

  private boolean isOutdated(Revocation revocation, Instant now) {
    return !now.isBefore(revocation.before().plus(retention.get()));
  }
}
