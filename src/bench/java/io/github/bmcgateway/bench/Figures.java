package io.github.bmcgateway.bench;

import static java.util.Comparator.naturalOrder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What both benchmarks reckon with. */
final class Figures {
  private static final double TICKS_PER_SECOND = 100;

  private Figures() {}

  /** How long a core was at work since the machine started, whoever had it. */
  static double busySeconds(int core) throws IOException {
    String line = Files.readAllLines(Path.of("/proc/stat")).get(1 + core);
    String[] fields = line.split(" ");
    long busy = 0;
    for (int i = 1; i <= 8; i++) {
      // Neither idle nor waiting for a disk.
      busy += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
    }
    return busy / TICKS_PER_SECOND;
  }

  static <T> double median(List<T> rows, ToDoubleFunction<T> of) {
    List<Double> sorted = sorted(rows, of);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  static <T> List<Double> sorted(List<T> rows, ToDoubleFunction<T> of) {
    return rows.stream().map(of::applyAsDouble).sorted(naturalOrder()).toList();
  }
}
