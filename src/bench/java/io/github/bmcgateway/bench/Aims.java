package io.github.bmcgateway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was aimed at, and whether it was reached. */
final class Aims {
  private final List<String> lines = new ArrayList<>();

  /** Takes over what is known of these phases. */
  void add(Map<HttpPhase, Map<String, List<HttpPhase.Row>>> seen) {
    seen.forEach(
        (phase, rows) -> {
          switch (phase) {
            case SMALL ->
                atMost(
                    "(a) CPU per 1 KiB request, x Apache's",
                    ratio(rows, "apache", HttpPhase.Row::cpuEach),
                    1.2,
                    0.9);
            case LARGE ->
                atMost(
                    "(b) CPU/GiB of 2 MiB files, x Apache's",
                    ratio(rows, "apache", HttpPhase.Row::cpuEach),
                    1.4,
                    1.0);
            case REWRITE ->
                atLeast(
                    "(c) MB/s of rewriting, x nginx's",
                    ratio(rows, "nginx", HttpPhase.Row::perSecond),
                    0.7,
                    1.0);
            case RATE ->
                atMost(
                    "(d) p99 at 1,000 requests/s, x nginx's",
                    ratio(rows, "nginx", HttpPhase.Row::p99Millis),
                    2.0,
                    2.0);
            default -> throw new IllegalArgumentException(phase.toString());
          }
        });
  }

  private static double ratio(
      Map<String, List<HttpPhase.Row>> rows, String of, ToDoubleFunction<HttpPhase.Row> figure) {
    return rows.containsKey(of)
        ? Figures.median(rows.get(Peers.GATEWAY), figure) / Figures.median(rows.get(of), figure)
        : Double.NaN;
  }

  /** An aim that a figure should stay below; where there is no further one, both are the same. */
  void atMost(String what, double reached, double aim, double next) {
    String verdict =
        reached <= next
            ? aim == next ? "met" : "next aim met"
            : reached <= aim
                ? "met; the next missed by %.2f".formatted(reached - next)
                : "missed by %.2f".formatted(reached - aim);
    add(what, reached, "<= ", aim, next, verdict);
  }

  /** An aim that a figure should come up to. */
  void atLeast(String what, double reached, double aim, double next) {
    String verdict =
        reached >= next
            ? "next aim met"
            : reached >= aim
                ? "met; the next missed by %.2f".formatted(next - reached)
                : "missed by %.2f".formatted(aim - reached);
    add(what, reached, ">= ", aim, next, verdict);
  }

  private void add(
      String what, double reached, String sign, double aim, double next, String verdict) {
    lines.add(
        "| %s | %s%s | %s | %.2f | %s |"
            .formatted(
                what,
                sign,
                aim,
                aim == next ? "-" : sign + next,
                reached,
                Double.isNaN(reached) ? "not measured" : verdict));
  }

  void print() {
    HttpTables.say("%n### Aims%n%n| | aim | next aim | reached | |%n|---|---|---|---|---|%n");
    lines.forEach(line -> HttpTables.say("%s%n", line));
  }
}
