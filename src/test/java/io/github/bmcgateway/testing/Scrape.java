package io.github.bmcgateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scrape, parsed strictly by the rules of Prometheus's text format 0.0.4: HELP and TYPE once and
 * ahead of the samples, the samples of a metric together, no series twice, histograms complete.
 */
public final class Scrape {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) (" + NAME + ") ((?:[^\\\\\n]|\\\\[\\\\n])*)");
  private static final Pattern SAMPLE =
      Pattern.compile("(" + NAME + ")(?:\\{(.*)})? (NaN|[+-]Inf|-?[0-9.]+(?:E-?[0-9]+)?)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\\\\\"\n]|\\\\[\\\\\"n])*)\"(?:,|$)");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary");
  private static final List<String> PARTS = List.of("_bucket", "_sum", "_count");

  private final Map<String, String> types = new TreeMap<>();
  private final Map<String, String> helps = new TreeMap<>();
  private final List<Sample> samples = new ArrayList<>();

  /** One line. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  private Scrape() {}

  public static Scrape parse(String text) {
    assertTrue(text.endsWith("\n"), "the last line ends, too");
    Scrape scrape = new Scrape();
    Set<String> closed = new HashSet<>();
    String current = "";
    for (String line : text.split("\n")) {
      String family = line.startsWith("#") ? scrape.comment(line) : scrape.sample(line);
      if (!family.equals(current)) {
        assertTrue(closed.add(family), () -> "in two places: " + line);
        current = family;
      }
    }
    Set<Object> series = new HashSet<>();
    scrape.samples.forEach(
        each -> assertTrue(series.add(List.of(each.name, each.labels)), () -> "twice: " + each));
    scrape.types.forEach(scrape::checkHistogram);
    return scrape;
  }

  private String comment(String line) {
    Matcher parts = COMMENT.matcher(line);
    assertTrue(parts.matches(), line);
    Map<String, String> known = parts.group(1).equals("HELP") ? helps : types;
    assertEquals(null, known.put(parts.group(2), parts.group(3)), line);
    assertTrue(known == helps || TYPES.contains(parts.group(3)), line);
    return parts.group(2);
  }

  private String sample(String line) {
    Matcher parts = SAMPLE.matcher(line);
    assertTrue(parts.matches(), line);
    Map<String, String> labels = labels(parts.group(2) == null ? "" : parts.group(2), line);
    double value = Double.parseDouble(parts.group(3).replace("Inf", "Infinity"));
    samples.add(new Sample(parts.group(1), labels, value));
    String family = family(parts.group(1));
    assertTrue(types.containsKey(family), () -> "no TYPE ahead of " + line);
    return family;
  }

  private String family(String name) {
    return PARTS.stream()
        .filter(name::endsWith)
        .map(part -> name.substring(0, name.length() - part.length()))
        .filter(base -> Set.of("histogram", "summary").contains(types.getOrDefault(base, "")))
        .findFirst()
        .orElse(name);
  }

  private static Map<String, String> labels(String text, String line) {
    Map<String, String> labels = new LinkedHashMap<>();
    Matcher each = LABEL.matcher(text);
    int end = 0;
    while (each.find() && each.start() == end) {
      assertEquals(null, labels.put(each.group(1), each.group(2)), line);
      end = each.end();
    }
    assertEquals(text.length(), end, line);
    return labels;
  }

  private void checkHistogram(String name, String type) {
    assertNotNull(helps.get(name), () -> "no HELP of " + name);
    if (type.equals("histogram")) {
      Map<Map<String, String>, List<Double>> buckets = new LinkedHashMap<>();
      for (Sample each : named(name + "_bucket")) {
        Map<String, String> labels = new TreeMap<>(each.labels);
        labels.remove("le");
        buckets.computeIfAbsent(labels, of -> new ArrayList<>()).add(each.value);
      }
      for (Sample count : named(name + "_count")) {
        List<Double> of = buckets.get(new TreeMap<>(count.labels));
        assertEquals(of.stream().sorted().toList(), of, name);
        assertEquals(count.value, of.get(of.size() - 1), name);
      }
    }
  }

  private List<Sample> named(String name) {
    return samples.stream().filter(each -> each.name.equals(name)).toList();
  }

  public List<Sample> samples() {
    return samples;
  }

  /** The types of all metrics, by name. */
  public Map<String, String> types() {
    return types;
  }

  public Map<String, String> helps() {
    return helps;
  }

  /** The labels of each name that a query can ask for. */
  public Map<String, Set<String>> labels() {
    Map<String, Set<String>> labels = new TreeMap<>();
    for (Sample each : samples) {
      labels.computeIfAbsent(each.name, name -> new TreeSet<>()).addAll(each.labels.keySet());
    }
    return labels;
  }

  /** Every series without its value. */
  public Set<String> series() {
    Set<String> series = new TreeSet<>();
    samples.forEach(each -> series.add(each.name + new TreeMap<>(each.labels)));
    return series;
  }

  /**
   * The value of a series; fails when there is none.
   *
   * @param labels names and values in turn
   */
  public double value(String name, String... labels) {
    Map<String, String> of = new TreeMap<>();
    for (int index = 0; index < labels.length; index += 2) {
      of.put(labels[index], labels[index + 1]);
    }
    return named(name).stream()
        .filter(each -> new TreeMap<>(each.labels).equals(of))
        .mapToDouble(Sample::value)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + of));
  }
}
