package io.github.bmcgateway.bench;

/** What is measured of HTTP; the slow BMC is in {@link SlowPages}. */
enum HttpPhase {
  SMALL("a", "1 KiB, 32 connections", TestFiles.SMALL, 32),
  LARGE("b", "2 MiB, 8 connections", TestFiles.LARGE, 8),
  REWRITE("c", "2 MiB of JavaScript, rewritten, 8 connections", TestFiles.SCRIPT, 8),
  RATE("d", "1 KiB, 1,000 requests a second", TestFiles.SMALL, 32);

  static final int PER_SECOND = 1000;

  final String letter;
  final String title;
  final String file;
  final int connections;

  HttpPhase(String letter, String title, String file, int connections) {
    this.letter = letter;
    this.title = title;
    this.file = file;
    this.connections = connections;
  }

  /** Whether a peer can do it; without a peer nothing is rewritten. */
  boolean isFor(String peer) {
    return this != REWRITE || !peer.equals("haproxy") && !peer.equals("direct");
  }

  /** One measurement; of {@code foreign} is what others took of the proxy's core. */
  record Row(
      double perSecond, double cpuEach, double foreign, double p50Millis, double p99Millis) {}
}
