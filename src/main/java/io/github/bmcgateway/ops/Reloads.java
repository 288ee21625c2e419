package io.github.bmcgateway.ops;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What became of changed settings since the start: how many changes were put in force, how many
 * were refused, and what is wrong with the settings as the files say them now. Safe for use by
 * several threads.
 */
public final class Reloads {
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile List<String> problems = List.of();

  /** A change is in force. */
  public void take() {
    taken.incrementAndGet();
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

  /** Changes that were refused; one that is refused for a new reason counts again. */
  public long refused() {
    return refused.get();
  }

  /** Why the files' settings are not in force; empty when they are. */
  public List<String> problems() {
    return problems;
  }
}
