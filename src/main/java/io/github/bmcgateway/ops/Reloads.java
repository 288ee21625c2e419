package io.github.bmcgateway.ops;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What became of changed settings since the start: how many changes were put in force, how many
 * were refused, and what is wrong with the settings as the files say them now. Safe for use by
 * several threads.
 */
public final class Reloads {
  private final Clock clock;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile List<String> problems = List.of();
  private volatile Instant inForceSince;

  /** By the system's clock. */
  public Reloads() {
    this(Clock.systemUTC());
  }

  /** No change so far: what the start took is in force from now on. */
  public Reloads(Clock clock) {
    this.clock = clock;
    this.inForceSince = clock.instant();
  }

  /** A change is in force. */
  public void take() {
    taken.incrementAndGet();
    inForceSince = clock.instant();
    problems = List.of();
  }

  /**
   * A change isn't taken up; what was in force stays so.
   *
   * @param why at least one message, none of which holds a secret
   */
  public void refuse(List<String> why) {
    refused.incrementAndGet();
    problems = List.copyOf(why);
  }

  /** The files say again what is in force. */
  public void clear() {
    problems = List.of();
  }

  /** Changes that were put in force. */
  public long taken() {
    return taken.get();
  }

  /** When the settings in force were taken up. */
  public Instant inForceSince() {
    return inForceSince;
  }

  /** Changes that were refused; one that is refused for a new reason counts again. */
  public long refused() {
    return refused.get();
  }

  /** Why the files' settings are not in force; empty when they are. */
  public List<String> problems() {
    return problems;
  }
}
