package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same journey through every container, on this Java and, where {@code JAVA25_HOME} names one,
 * on Java 25. Prints a table container by check, writes it to {@code target/acceptance.txt}, and
 * fails where {@code operations.md} has another line for a container.
 */
@Tag("long")
class AcceptanceIT {
  private static final String JAVA25 = "JAVA25_HOME";
  private static final Path PAGE = Path.of("src/docs/operations.md");
  private static final Path REPORT = Path.of("target/acceptance.txt");
  private static final List<String> LINES =
      new ArrayList<>(List.of(line("container", Check::title), line("---", check -> "---")));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void onThisJava(Container container) throws Exception {
    accept(container, Runtime.version().feature(), Map.of());
  }

  @ParameterizedTest
  @EnumSource
  void onJava25(Container container) throws Exception {
    String home = System.getenv(JAVA25);
    if (home == null) {
      LINES.add("| " + container.title() + ", Java 25 | not run: " + JAVA25 + " is not set |");
    }
    assumeTrue(home != null, JAVA25 + " is not set: not run");
    accept(container, 25, Map.of("JAVA_HOME", home));
  }

  private void accept(Container container, int java, Map<String, String> environment)
      throws Exception {
    Map<Check, Outcome> outcomes = AcceptanceJourney.make(container, folder, environment);

    String cells = line(container.title(), check -> outcomes.get(check).cell());
    LINES.add(cells.replaceFirst(" \\|", ", Java " + java + " |"));
    assertAll(
        outcomes.values().stream()
            .filter(Outcome.Failed.class::isInstance)
            .map(
                outcome ->
                    () -> {
                      throw ((Outcome.Failed) outcome).why();
                    }));
    assertTrue(Files.readString(PAGE).contains(cells), PAGE + " lacks\n" + cells);
  }

  private static String line(String first, Function<Check, String> cell) {
    return Arrays.stream(Check.values())
        .map(cell)
        .collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
  }

  @AfterAll
  static void print() throws Exception {
    String table = String.join("\n", LINES) + "\n";
    Files.writeString(REPORT, table);
    System.out.println("\nThe gateway in each container:\n\n" + table);
  }
}
