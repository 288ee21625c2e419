package io.github.bmcgateway.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bmcgateway.ops.AuditLine.Count;
import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.AuditLine.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the description of the audit log against the code. */
class AuditReferenceTest {
  private static final Path REFERENCE = Path.of("src/docs/audit.md");

  @Test
  void theTableNamesEveryFieldInTheOrderOfTheLine() throws IOException {
    AuditLine all = new AuditLine(Event.REQUEST);
    Arrays.stream(Text.values()).forEach(field -> all.with(field, "x"));
    Arrays.stream(Count.values()).forEach(field -> all.with(field, 1));
    assertEquals(names(JsonMapper.builder().build().readTree(all.toJson(Instant.EPOCH))), table());
  }

  @Test
  void everyEventHasAnExampleAsTheCodeWouldWriteIt() throws IOException {
    List<String> events = new ArrayList<>();
    for (String line : Files.readAllLines(REFERENCE)) {
      if (line.startsWith("{")) {
        JsonNode example = JsonMapper.builder().build().readTree(line);
        events.add(example.get("event").textValue());
        List<String> inOrder = new ArrayList<>(table());
        inOrder.retainAll(names(example));
        assertEquals(inOrder, names(example));
      }
    }
    assertEquals(
        new TreeSet<>(Arrays.stream(Event.values()).map(Event::label).toList()),
        new TreeSet<>(events));
    assertTrue(Files.readString(REFERENCE).contains(FileAudit.GAP));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> table() throws IOException {
    return Files.readAllLines(REFERENCE).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf('|', 1)))
        .flatMap(cell -> Pattern.compile("`([a-z_]+)`").matcher(cell).results())
        .map((MatchResult found) -> found.group(1))
        .toList();
  }
}
