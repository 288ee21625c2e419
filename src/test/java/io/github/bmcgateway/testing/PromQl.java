package io.github.bmcgateway.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What queries of Prometheus ask for: enough of the language to name metrics and labels. */
public final class PromQl {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^]]*]|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9.]+|=~|!~|!=|[<>=]=|\\S");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Set<String> FUNCTIONS =
      Set.of("sum", "max", "count", "rate", "increase", "histogram_quantile", "label_values");
  private static final Set<String> GROUPING = Set.of("by", "without", "on", "ignoring");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless");

  private PromQl() {}

  /**
   * One metric that a query asks for.
   *
   * @param labels those that it is chosen by, with operator and value
   */
  public record Selector(String metric, Map<String, String> labels) {}

  /**
   * A query.
   *
   * @param groupedBy labels that it groups by
   */
  public record Query(List<Selector> selectors, List<String> groupedBy) {}

  /** Reads a query; fails at a function that isn't known here. */
  public static Query parse(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher each = TOKEN.matcher(text);
    while (each.find()) {
      tokens.add(each.group());
    }
    Query query = new Query(new ArrayList<>(), new ArrayList<>());
    for (int at = 0; at < tokens.size(); at++) {
      String token = tokens.get(at);
      String next = at + 1 < tokens.size() ? tokens.get(at + 1) : "";
      if (GROUPING.contains(token)) {
        int end = tokens.subList(at, tokens.size()).indexOf(")") + at;
        tokens.subList(at + 2, end).stream()
            .filter(t -> !t.equals(","))
            .forEach(query.groupedBy::add);
        at = end;
      } else if (next.equals("(") && NAME.matcher(token).matches() && !isKnown(token)) {
        throw new AssertionError("unknown function " + token + " in " + text);
      } else if (NAME.matcher(token).matches() && !isKnown(token)) {
        Map<String, String> labels = new TreeMap<>();
        query.selectors.add(new Selector(token, labels));
        if (next.equals("{")) {
          at += 2;
          while (!tokens.get(at).equals("}")) {
            String value = tokens.get(at + 2);
            labels.put(tokens.get(at), tokens.get(at + 1) + value.substring(1, value.length() - 1));
            at += tokens.get(at + 3).equals(",") ? 4 : 3;
          }
        }
      }
    }
    return query;
  }

  private static boolean isKnown(String word) {
    return FUNCTIONS.contains(word) || OPERATORS.contains(word);
  }
}
