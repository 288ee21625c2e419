package io.github.bmcgateway.console;

import io.github.bmcgateway.target.VendorProfile.SocketRoute;

/**
 * What one kind of BMC bears on its sockets.
 *
 * @param messageMaxBytes longest message that may be sent to it; 0 for no bound
 * @param refusesInPlainHttp whether it says that it has no room in plain HTTP, after its 101
 */
record Bounds(long messageMaxBytes, boolean refusesInPlainHttp) {
  static final Bounds NONE = new Bounds(0, false);

  static Bounds of(SocketRoute route) {
    return new Bounds(route.messageMaxBytes(), route.invalidFirstFrameIsBusy());
  }

  /** Whether a piece makes its message too long, or shows that it is. */
  boolean isTooLong(Part part) {
    return messageMaxBytes > 0 && (!part.last() || part.bytes().remaining() > messageMaxBytes);
  }
}
