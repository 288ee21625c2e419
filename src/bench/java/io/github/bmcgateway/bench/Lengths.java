package io.github.bmcgateway.bench;

import java.util.List;

/** How long it all takes. */
enum Lengths {
  FULL(75, 10, 4),
  QUICK(45, 6, 1.2),
  SMOKE(3, 2, 0.2);

  /** Processor time of a JVM under load, before it is measured. */
  final double warmUpSeconds;

  /** Samples of each peer; an even number, as every other round goes backwards. */
  final int rounds;

  final double sampleSeconds;

  Lengths(double warmUpSeconds, int rounds, double sampleSeconds) {
    this.warmUpSeconds = warmUpSeconds;
    this.rounds = rounds;
    this.sampleSeconds = sampleSeconds;
  }

  /** What the options of a script say. */
  static Lengths of(List<String> options) {
    if (options.contains("--smoke")) {
      return SMOKE;
    }
    return options.contains("--quick") ? QUICK : FULL;
  }
}
