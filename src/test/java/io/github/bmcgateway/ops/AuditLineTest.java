package io.github.bmcgateway.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bmcgateway.ops.AuditLine.Count;
import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.AuditLine.Text;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditLineTest {
  private static final Instant TIME = Instant.parse("2026-11-22T12:00:00.123Z");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void whatDoesntApplyIsAbsent() {
    assertEquals(
        "{\"time\":\"2026-11-22T12:00:00.123Z\",\"event\":\"denied\",\"status\":401,"
            + "\"error\":\"no_session\"}",
        new AuditLine(Event.DENIED)
            .with(Text.ERROR, "no_session")
            .with(Text.SUB, Optional.empty())
            .with(Count.STATUS, 401)
            .toJson(TIME));
  }

  @Test
  void noValueEndsALineOrBeginsAField() throws Exception {
    String evil = "a\r\nb\",\"event\":\"x\u2028\u2029\u0085\u0000\u001b[31m\u007f\ud800é";
    String line = new AuditLine(Event.REQUEST).with(Text.SUB, evil).toJson(TIME);
    assertTrue(line.chars().allMatch(c -> c >= ' ' && c <= 0x7f), line);
    JsonNode read = JSON.readTree(line);
    assertEquals("request", read.get("event").textValue());
    assertEquals(3, read.size());
  }

  @Test
  void aLongValueIsCut() throws Exception {
    String line =
        new AuditLine(Event.REQUEST)
            .with(Text.SUB, "s".repeat(5_000))
            .with(Text.PATH, "/".repeat(5_000))
            .toJson(TIME);
    assertEquals(256, JSON.readTree(line).get("sub").textValue().length());
    assertEquals(2_048, JSON.readTree(line).get("path").textValue().length());
  }
}
