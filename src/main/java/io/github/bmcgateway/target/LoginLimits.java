package io.github.bmcgateway.target;

import java.time.Duration;

/**
 * Bounds the failed logins to each BMC, since vendors lock out by source address and all clients
 * share the gateway's. Safe for use by several threads; no method blocks.
 */
public interface LoginLimits {
  /** Whether a login may be tried now. */
  Verdict begin(Bmc bmc);

  /** What came of asking. */
  sealed interface Verdict {}

  /** The login may go out; how it went has to be told. */
  record Allowed(Attempt attempt) implements Verdict {}

  /**
   * The login must not reach the BMC.
   *
   * @param retryAfter when to ask again
   */
  record Refused(Duration retryAfter) implements Verdict {}

  /** A login that is under way. */
  @FunctionalInterface
  interface Attempt {
    /** Tells how it went; only the first call counts. */
    void over(boolean failed);
  }
}
