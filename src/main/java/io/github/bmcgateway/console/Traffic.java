package io.github.bmcgateway.console;

import io.github.bmcgateway.ops.RequestAudit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What went through a console, and how it ended. Safe for use by several threads. */
final class Traffic {
  private final LongAdder fromBrowser = new LongAdder();
  private final LongAdder fromBmc = new LongAdder();
  private volatile LongConsumer in = bytes -> {};
  private volatile LongConsumer out = bytes -> {};
  private volatile Close close = Close.LOST;

  /** Tells from now on of each piece as it comes. */
  void tell(RequestAudit trail) {
    in = trail::countIn;
    out = trail::countOut;
  }

  void fromBrowser(Part part) {
    int bytes = part.bytes().remaining();
    fromBrowser.add(bytes);
    in.accept(bytes);
  }

  void fromBmc(Part part) {
    int bytes = part.bytes().remaining();
    fromBmc.add(bytes);
    out.accept(bytes);
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
