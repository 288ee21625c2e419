package io.github.bmcgateway.ops;

import java.util.Locale;

/** How consoles end, by close code (RFC 6455, section 7.4, and the gateway's own). */
enum CloseClass {
  /** 1000, or a close frame without a code. */
  NORMAL,
  /** 1001: a page was left, the BMC went away, or the gateway shuts down. */
  GOING_AWAY,
  /** 1002, 1003, 1007, 1008, 1009: a peer broke the protocol or a bound. */
  PROTOCOL,
  /** 1011: the BMC's socket broke. */
  BROKEN,
  /** 1013: the BMC has no free console. */
  BUSY,
  /** 4401: the session ended or expired. */
  SESSION_END,
  /** No close frame came. */
  LOST,
  /** Any other code, chosen by a browser's page or a BMC. */
  OTHER;

  static CloseClass of(int code) {
    return switch (code) {
      case 1000, 1005 -> NORMAL;
      case 1001 -> GOING_AWAY;
      case 1002, 1003, 1007, 1008, 1009 -> PROTOCOL;
      case 1011 -> BROKEN;
      case 1013 -> BUSY;
      case 4401 -> SESSION_END;
      case 1006, 1015 -> LOST;
      default -> OTHER;
    };
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
