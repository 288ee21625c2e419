package io.github.bmcgateway.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Prints what was measured as tables for {@code src/docs/performance.md}. */
final class HttpTables {
  private static final double GIB_OF_2_MIB = 512;
  private static final double MEGABYTES_OF_2_MIB = (2 << 20) / 1e6;
  private static final double MANY = 10_000;

  /** What others may take of the proxy's core without being worth a warning. */
  private static final double QUIET = 0.1;

  private HttpTables() {}

  static void print(HttpPhase phase, Map<String, List<HttpPhase.Row>> seen) {
    System.out.printf("%n### (%s) %s%n%n", phase.letter, phase.title);
    switch (phase) {
      case SMALL -> small(seen);
      case LARGE, REWRITE -> large(seen, phase == HttpPhase.LARGE ? "apache" : "nginx");
      case RATE -> rate(seen);
      default -> throw new IllegalArgumentException(phase.toString());
    }
    List<HttpPhase.Row> all = seen.values().stream().flatMap(List::stream).toList();
    List<Double> foreign = Figures.sorted(all, HttpPhase.Row::foreign);
    double usual = Figures.median(all, HttpPhase.Row::foreign);
    say(
        "%nOthers took %.0f %% of the proxy's core (median; worst sample %.0f %%).%s%n",
        100 * usual,
        100 * foreign.get(foreign.size() - 1),
        usual > QUIET ? " **The machine was loaded: rates and p99 say little.**" : "");
  }

  private static void small(Map<String, List<HttpPhase.Row>> seen) {
    say("| | requests/s | CPU s/10k | x Apache's | x nginx's | of its core |%n");
    say("|---|---|---|---|---|---|%n");
    seen.forEach(
        (name, rows) ->
            say(
                "| %s | %s | %s | %s | %s | %s |%n",
                name,
                range("%,.0f", rows, HttpPhase.Row::perSecond),
                range("%.3f", rows, row -> row.cpuEach() * MANY),
                ratio(seen, name, "apache", HttpPhase.Row::cpuEach),
                ratio(seen, name, "nginx", HttpPhase.Row::cpuEach),
                share(rows)));
  }

  private static void large(Map<String, List<HttpPhase.Row>> seen, String of) {
    say("| | MB/s | x %s's | CPU s/GiB | x %s's | of its core |%n", of, of);
    say("|---|---|---|---|---|---|%n");
    seen.forEach(
        (name, rows) ->
            say(
                "| %s | %s | %s | %s | %s | %s |%n",
                name,
                range("%,.0f", rows, row -> row.perSecond() * MEGABYTES_OF_2_MIB),
                ratio(seen, name, of, HttpPhase.Row::perSecond),
                range("%.3f", rows, row -> row.cpuEach() * GIB_OF_2_MIB),
                ratio(seen, name, of, HttpPhase.Row::cpuEach),
                share(rows)));
  }

  private static void rate(Map<String, List<HttpPhase.Row>> seen) {
    say("| | p50 ms | p99 ms | x nginx's | CPU s/10k | x nginx's |%n|---|---|---|---|---|---|%n");
    seen.forEach(
        (name, rows) ->
            say(
                "| %s | %s | %s | %s | %s | %s |%n",
                name,
                range("%.2f", rows, HttpPhase.Row::p50Millis),
                range("%.2f", rows, HttpPhase.Row::p99Millis),
                ratio(seen, name, "nginx", HttpPhase.Row::p99Millis),
                range("%.3f", rows, row -> row.cpuEach() * MANY),
                ratio(seen, name, "nginx", HttpPhase.Row::cpuEach)));
  }

  /** The median, and in brackets the lowest and highest. */
  static <T> String range(String format, List<T> rows, ToDoubleFunction<T> of) {
    List<Double> sorted = Figures.sorted(rows, of);
    double highest = sorted.get(sorted.size() - 1);
    if (highest == 0) {
      return "-";
    }
    return (format + " (" + format + "-" + format + ")")
        .formatted(Figures.median(rows, of), sorted.get(0), highest);
  }

  /** How much of its core a peer had: where that is less than all of it, the load was the limit. */
  private static String share(List<HttpPhase.Row> rows) {
    double share = Figures.median(rows, row -> row.cpuEach() * row.perSecond());
    return share == 0 ? "-" : "%.0f %%".formatted(100 * share);
  }

  private static String ratio(
      Map<String, List<HttpPhase.Row>> seen,
      String name,
      String of,
      ToDoubleFunction<HttpPhase.Row> figure) {
    double own = Figures.median(seen.get(name), figure);
    return own == 0 || !seen.containsKey(of)
        ? "-"
        : "%.2f".formatted(own / Figures.median(seen.get(of), figure));
  }

  static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }
}
