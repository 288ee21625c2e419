package io.github.bmcgateway.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Ended sessions in this process's memory, each until its token expires, in bounded number.
 *
 * <p>When it is full, the session that expires soonest gives way, and every session that expires no
 * later than that one counts as ended: rather a few sessions are cut shortly before their end than
 * one comes back to life. Reaching that takes as many validly signed tokens as fit, all logged out
 * within their lifetime.
 */
public final class RememberedEnds implements EndedSessions {
  private record Ended(Instant expires, String id) {}

  private final int capacity;
  private final Clock clock;
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final TreeSet<Ended> byExpiry =
      new TreeSet<>(Comparator.comparing(Ended::expires).thenComparing(Ended::id));
  private volatile Instant allEndedUntil = Instant.MIN;

  /**
   * An empty memory.
   *
   * @param capacity most sessions that are remembered, at least 1; about 200 bytes each
   */
  public RememberedEnds(int capacity, Clock clock) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is " + capacity + ", at least 1 is needed");
    }
    this.capacity = capacity;
    this.clock = clock;
  }

  @Override
  public synchronized void end(String id, Instant expires) {
    forgetExpired();
    if (ids.add(id)) {
      byExpiry.add(new Ended(expires, id));
    }
    if (byExpiry.size() > capacity) {
      allEndedUntil = byExpiry.first().expires();
      forgetFirst();
    }
  }

  @Override
  public boolean isEnded(String id, Instant expires) {
    return ids.contains(id) || !expires.isAfter(allEndedUntil);
  }

  /** When the tokens of the sessions that are remembered expire, by the sessions' identifiers. */
  synchronized Map<String, Instant> current() {
    forgetExpired();
    return byExpiry.stream().collect(Collectors.toMap(Ended::id, Ended::expires));
  }

  private void forgetExpired() {
    Instant now = clock.instant();
    while (!byExpiry.isEmpty() && !byExpiry.first().expires().isAfter(now)) {
      forgetFirst();
    }
  }

  private void forgetFirst() {
    ids.remove(byExpiry.first().id());
    byExpiry.remove(byExpiry.first());
  }
}
