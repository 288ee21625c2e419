package io.github.bmcgateway.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.bmcgateway.testing.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the description of the metrics against the table in the code, and that against a scrape.
 */
class MetricsReferenceTest {
  private static final Path REFERENCE = Path.of("src/docs/metrics.md");

  @Test
  void theReferenceHoldsTheTableOfMetrics() throws IOException {
    List<String> expected =
        Arrays.stream(Metric.values())
            .map(
                metric ->
                    "| `%s` | %s | %s | %s |"
                        .formatted(
                            metric.exported(),
                            metric.type().label(),
                            labels(metric.labels().stream().map(Label::key).toList()),
                            metric.meaning()))
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", rows("## Of the gateway")));
  }

  @Test
  void theReferenceHoldsTheLabels() throws IOException {
    List<String> expected =
        Arrays.stream(Label.values())
            .filter(label -> label != Label.VERSION)
            .map(label -> "| `%s` | %s |".formatted(label.key(), labels(label.allowed())))
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", rows("## Labels")));
  }

  @Test
  void aScrapeShowsTheTableFromTheStart() {
    try (Metrics metrics = new Metrics()) {
      metrics.show(NoReadings.make());
      Scrape scrape = Scrape.parse(metrics.scrape());
      Map<String, String> own = new TreeMap<>(scrape.types());
      own.keySet().removeIf(name -> !name.startsWith("bmc_gateway_") || name.endsWith("_max"));
      Map<String, String> table = new TreeMap<>();
      for (Metric metric : Metric.values()) {
        table.put(metric.exported(), metric.type().label());
        assertEquals(metric.meaning(), scrape.helps().get(metric.exported()));
        assertEquals(combinations(metric), series(scrape, metric), metric.exported());
      }
      assertEquals(table, own);
    }
  }

  @Test
  void theVersionIsTheBuilds() {
    assertFalse(Build.version().isEmpty() || Build.version().contains("$"), Build.version());
    assertEquals(List.of(Build.version()), Label.VERSION.allowed());
  }

  /** How many series a metric has, buckets apart. */
  private static int combinations(Metric metric) {
    return metric.labels().stream()
        .mapToInt(label -> label.allowed().size())
        .reduce(1, (a, b) -> a * b);
  }

  private static int series(Scrape scrape, Metric metric) {
    String name = metric.exported() + (metric.type() == Metric.Type.HISTOGRAM ? "_count" : "");
    return Math.toIntExact(scrape.samples().stream().filter(s -> s.name().equals(name)).count());
  }

  private static String labels(List<String> names) {
    return names.isEmpty()
        ? "–"
        : names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  private static List<String> rows(String heading) throws IOException {
    return Files.readAllLines(REFERENCE).stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("#"))
        .filter(line -> line.startsWith("| `"))
        .toList();
  }
}
