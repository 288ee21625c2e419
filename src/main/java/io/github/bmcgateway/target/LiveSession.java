package io.github.bmcgateway.target;

import java.util.Optional;

/**
 * The session under which something runs. Work that is registered here is told when the session
 * ends, so that nothing outlives its token. Safe for use by several threads.
 */
public interface LiveSession {
  /**
   * Registers running work.
   *
   * @return the registration, to be closed when the work is over; empty when the session has ended
   *     already and the work must not begin
   */
  Optional<Registration> register(Kind kind, Work work);

  /**
   * How much work of this kind runs under the session now, with what was moved to it from one that
   * it follows.
   */
  default int running(Kind kind) {
    return 0;
  }

  /** Tells this session from others, between which places at a BMC are shared out. */
  default String id() {
    return "";
  }

  /** What kind of work: it decides how long the session's end waits for it. */
  enum Kind {
    /** Ends exactly at the token's expiry. */
    CONSOLE,
    /** May finish for 15 minutes after the token's expiry. */
    REQUEST,
    /** A login at the BMC: ends exactly at the token's expiry, and no shutdown waits for it. */
    LOGIN
  }

  /** Why work is ended. */
  enum End {
    EXPIRED,
    LOGGED_OUT,
    REVOKED,
    SHUTDOWN
  }

  /** Something that runs under a session. */
  @FunctionalInterface
  interface Work {
    /** Ends the work; called at most once, from any thread; doesn't block. */
    void end(End reason);
  }

  /** Takes finished work off the register; idempotent. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
