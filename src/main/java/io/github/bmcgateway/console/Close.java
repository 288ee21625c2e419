package io.github.bmcgateway.console;

import io.github.bmcgateway.target.LiveSession.End;

/**
 * How a socket ends.
 *
 * @param code a close code of RFC 6455, section 7.4
 * @param reason what goes with it; empty for none
 */
record Close(int code, String reason) {
  private static final int NO_STATUS_CODE = 1005;
  private static final int LOST_CODE = 1006;

  static final Close NORMAL = new Close(1000, "");
  static final Close GOING_AWAY = new Close(1001, "");
  static final Close BAD_TEXT = new Close(1007, "");
  static final Close TOO_LONG = new Close(1009, "");
  static final Close BUSY = new Close(1013, "no free console");
  static final Close BROKEN = new Close(1011, "");

  /** The connection ended without a close frame. Never sent. */
  static final Close LOST = new Close(LOST_CODE, "");

  /** The BMC refused the socket that a browser has. */
  static Close refused(String why) {
    return new Close(BROKEN.code(), why);
  }

  /** What the browser is told when the session ends. */
  static Close toBrowser(End reason) {
    return switch (reason) {
      case EXPIRED -> new Close(4401, "session expired");
      case LOGGED_OUT -> new Close(4401, "logged out");
      case REVOKED -> new Close(4401, "session revoked");
      case SHUTDOWN -> new Close(1001, "shutting down");
    };
  }

  /** What the BMC is told when the session ends. */
  static Close toBmc(End reason) {
    return reason == End.SHUTDOWN ? GOING_AWAY : NORMAL;
  }

  /** Whether there was no close frame, so that there is nothing to repeat to the other side. */
  boolean isLost() {
    return code == LOST_CODE || code == 1015;
  }

  /** Whether the close frame had no code. It is repeated as such, never sent as a number. */
  boolean isNoStatus() {
    return code == NO_STATUS_CODE;
  }
}
