package io.github.bmcgateway.console;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * The far end of one connection, judged by what the kernel hears of it. Looked at once in every
 * {@link Timing#ping}; not safe for use by several threads.
 */
final class FarEnd {
  private static final int LOOKS = 3;

  /** Each repetition waits twice as long: four stand for at least 15 times the first wait. */
  private static final int REPETITIONS = 4;

  private final String key;
  private int looks;
  private int last;

  FarEnd(InetSocketAddress local, InetSocketAddress remote) {
    this.key = TcpTable.key(local, remote);
  }

  /**
   * Whether nothing was acknowledged from the first of three looks in a row to the last, though
   * something was sent. A link that loses much has its counts reset in between.
   */
  boolean isLost(Map<String, Integer> unanswered) {
    int times = unanswered.getOrDefault(key, 0);
    if (times == 0) {
      looks = 0;
    } else {
      looks = times < last ? 1 : looks + 1;
    }
    last = times;
    return looks >= LOOKS && times >= REPETITIONS;
  }
}
