package io.github.bmcgateway.target;

import java.util.function.Predicate;

/**
 * Told which sessions exist at BMCs, so that none takes up one of a BMC's few places once nobody is
 * left who could use it. Safe for use by several threads; no method blocks.
 */
public interface BmcSessionKeeper {
  /** A BMC has opened a session. */
  void opened(LiveSession under, BmcSession session);

  /**
   * A request goes to a BMC.
   *
   * @param carries whether it belongs to the session at the BMC
   */
  void used(LiveSession under, Bmc bmc, Predicate<BmcSession> carries);

  /**
   * A request has been answered that may have ended a session.
   *
   * @param ends whether it ended this one
   */
  void closed(Bmc bmc, Predicate<BmcSession> ends);

  /** Something is to be uploaded: until that is over, nothing may disturb the BMC. */
  Upload upload(Bmc bmc);

  /** An upload that waits for its turn or is under way. */
  @FunctionalInterface
  interface Upload {
    /**
     * Tells that it is over; only the first call counts.
     *
     * @param sent whether anything may have reached the BMC, which is then left alone for a while
     */
    void over(boolean sent);
  }
}
