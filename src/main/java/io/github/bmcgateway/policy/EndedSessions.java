package io.github.bmcgateway.policy;

import java.time.Instant;

/**
 * The sessions that were ended before their time: their tokens open nothing from then on.
 * Implementations are safe for use by several threads, and answer without waiting.
 */
public interface EndedSessions {
  /**
   * Ends a session.
   *
   * @param id the session's identifier
   * @param expires when its token would have expired: until then it is remembered
   */
  void end(String id, Instant expires);

  /**
   * Whether the session was ended. May say so of a session that wasn't, never the reverse.
   *
   * @param expires when the session's token expires
   */
  boolean isEnded(String id, Instant expires);
}
