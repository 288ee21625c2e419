package io.github.bmcgateway.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the documents say becomes of each of the odd requests. */
final class ParserTable {
  private static final Path PAGE = Path.of("src", "docs", "security-checks.md");
  private static final List<Class<? extends GatewaySmoke>> COLUMNS =
      List.of(JettyBaseGatewayIT.class, OwnJettyIT.class, Tomcat10IT.class, Tomcat11IT.class);

  private ParserTable() {}

  /** Of {@link OddRequests} in the container under test, by their names. */
  static Map<String, String> http1(Class<? extends GatewaySmoke> container) throws IOException {
    return column("request", 1 + COLUMNS.indexOf(container));
  }

  /** Of {@link OddHttp2Requests} in the Jetty base, by their names. */
  static Map<String, String> http2() throws IOException {
    return column("HTTP/2 request", 1);
  }

  /**
   * Where the table allows either of two, what came of it if that is one of them: an answer can be
   * lost with its connection.
   */
  static Map<String, String> settled(Map<String, String> allowed, Map<String, String> outcomes) {
    Map<String, String> settled = new LinkedHashMap<>(allowed);
    settled.replaceAll(
        (request, cell) -> {
          String outcome = outcomes.getOrDefault(request, "");
          return List.of(cell.split(" or ")).contains(outcome) ? outcome : cell;
        });
    return settled;
  }

  private static Map<String, String> column(String heading, int column) throws IOException {
    Map<String, String> outcomes = new LinkedHashMap<>();
    Files.readAllLines(PAGE).stream()
        .dropWhile(line -> !line.startsWith("| " + heading + " |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).skip(1).toList())
        .forEach(cells -> outcomes.put(cells.get(0), cells.get(column)));
    return outcomes;
  }
}
