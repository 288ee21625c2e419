package io.github.bmcgateway.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the audit log: an event and what is known of it. Fields that don't apply are absent.
 * Values are cut to their field's length, and every character that isn't plain ASCII is escaped, so
 * that no value can end a line or begin another. Not safe for use by several threads while it is
 * filled in.
 */
public final class AuditLine {
  /** What happened. */
  public enum Event {
    /** A link opened a session in a browser. */
    SESSION_START,
    /** A session ended before or with its token. */
    SESSION_END,
    /** A request went to a BMC, or was meant to and failed. */
    REQUEST,
    /** A socket was opened between a browser and a BMC. */
    CONSOLE_START,
    /** It was closed; {@code reason} is the close code. */
    CONSOLE_END,
    /** The gateway refused something, or lost audit lines. */
    DENIED,
    /** Tokens were taken back. */
    REVOKED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in the line. */
    public String label() {
      return label;
    }
  }

  /** A field that holds a text. */
  public enum Text {
    REQUEST(64),
    SUB(256),
    JTI(256),
    CLIENT(64),
    BMC(64),
    VENDOR(64),
    METHOD(64),
    PATH(2_048),
    ERROR(64),
    REASON(256);

    private final String label = name().toLowerCase(Locale.ROOT);
    private final int longest;

    Text(int longest) {
      this.longest = longest;
    }

    private String cut(String text) {
      return text.length() <= longest ? text : text.substring(0, longest);
    }
  }

  /** A field that holds a number. */
  public enum Count {
    STATUS,
    BYTES_IN,
    BYTES_OUT,
    MS;

    private final String label = name().toLowerCase(Locale.ROOT);
  }

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final int EXPECTED_LENGTH = 512;
  private static final Set<Text> CLOSING = EnumSet.of(Text.ERROR, Text.REASON);
  private static final Set<Text> LEADING = EnumSet.complementOf(EnumSet.copyOf(CLOSING));

  private final Event event;
  private final Map<Text, String> texts = new EnumMap<>(Text.class);
  private final Map<Count, Long> counts = new EnumMap<>(Count.class);

  public AuditLine(Event event) {
    this.event = event;
  }

  /** What happened. */
  public Event event() {
    return event;
  }

  /** Fills in a text. */
  public AuditLine with(Text field, String value) {
    texts.put(field, field.cut(value));
    return this;
  }

  /** Fills in a text, if there is one. */
  public AuditLine with(Text field, Optional<String> value) {
    value.ifPresent(text -> with(field, text));
    return this;
  }

  /** Fills in a number. */
  public AuditLine with(Count field, long value) {
    counts.put(field, value);
    return this;
  }

  /** The line, without its end, in the order of the fields in the documentation. */
  public String toJson(Instant time) {
    StringWriter line = new StringWriter(EXPECTED_LENGTH);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", time.toString());
      json.writeStringField("event", event.label());
      for (Text field : LEADING) {
        write(json, field);
      }
      for (Map.Entry<Count, Long> count : counts.entrySet()) {
        json.writeNumberField(count.getKey().label, count.getValue());
      }
      for (Text field : CLOSING) {
        write(json, field);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("A line in memory can be written", e);
    }
    return line.toString();
  }

  private void write(JsonGenerator json, Text field) throws IOException {
    String value = texts.get(field);
    if (value != null) {
      json.writeStringField(field.label, value);
    }
  }
}
