package io.github.bmcgateway.console;

import java.util.concurrent.atomic.LongAdder;

/** What went through a console, and how it ended. Safe for use by several threads. */
final class Traffic {
  private final LongAdder fromBrowser = new LongAdder();
  private final LongAdder fromBmc = new LongAdder();
  private volatile Close close = Close.LOST;

  void fromBrowser(Part part) {
    fromBrowser.add(part.bytes().remaining());
  }

  void fromBmc(Part part) {
    fromBmc.add(part.bytes().remaining());
  }

  void closed(Close with) {
    close = with;
  }

  /** Payload bytes. */
  long bytesFromBrowser() {
    return fromBrowser.sum();
  }

  /** Payload bytes. */
  long bytesFromBmc() {
    return fromBmc.sum();
  }

  /** The code of the close frame that came first, 1006 when there was none. */
  int closeCode() {
    return close.code();
  }
}
