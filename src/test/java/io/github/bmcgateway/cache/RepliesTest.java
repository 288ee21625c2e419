package io.github.bmcgateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.cache.Reply.Conditions;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, sections 13 and 14, for a file of ten bytes. */
class RepliesTest {
  private static final String CHANGED = "Sat, 21 Nov 2026 20:46:18 GMT";

  private static Asset asset(String tag) {
    return new Asset(
        List.of(new HttpField("ETag", tag), new HttpField("Last-Modified", CHANGED)),
        new byte[10],
        tag,
        new Asset.Origin(Optional.empty(), Optional.empty(), Optional.empty()),
        0);
  }

  private static String reply(String tag, String noneMatch, String since, String range, String of) {
    Reply reply =
        Replies.of(
            asset(tag),
            new Conditions(
                Optional.ofNullable(noneMatch),
                Optional.ofNullable(since),
                Optional.ofNullable(range),
                Optional.ofNullable(of)));
    if (reply instanceof Reply.Part part) {
      return part.from() + "+" + part.length();
    }
    return reply.getClass().getSimpleName();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"a\"|NotModified",
        "W/\"a\"|NotModified",
        "\"x\", W/\"a\"|NotModified",
        "*|NotModified",
        "\"x\"|Whole",
        "a|Whole",
        "\"x\", *|Whole"
      })
  void aTagIsComparedWeakly(String noneMatch, String expected) {
    assertEquals(expected, reply("\"a\"", noneMatch, null, null, null));
    assertEquals(expected, reply("W/\"a\"", noneMatch, null, null, null));
    // Where there are tags, the time doesn't count.
    assertEquals(expected, reply("\"a\"", noneMatch, CHANGED, null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sat, 21 Nov 2026 20:46:18 GMT|NotModified",
        "Sun, 22 Nov 2026 00:00:00 GMT|NotModified",
        "Sat, 21 Nov 2026 20:46:17 GMT|Whole",
        "yesterday|Whole"
      })
  void aTimeIsComparedWhereThereIsNoTag(String since, String expected) {
    assertEquals(expected, reply("\"a\"", null, since, null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-|0+10",
        "bytes=0-0|0+1",
        "bytes=3-5|3+3",
        "Bytes=9-100|9+1",
        "bytes=-3|7+3",
        "bytes=-100|0+10",
        "bytes=-0|OutOfRange",
        "bytes=10-|OutOfRange",
        "bytes=99999999999999-|OutOfRange",
        "bytes=5-3|Whole",
        "bytes=-|Whole",
        "bytes=0-1,3-4|Whole",
        "bytes=a-b|Whole",
        "lines=0-1|Whole",
        "bytes=99999999999999999999-|Whole"
      })
  void aRangeIsOneOrNone(String range, String expected) {
    assertEquals(expected, reply("\"a\"", null, null, range, null));
  }

  @Test
  void aPartIsForWhoHasTheRestOfTheSame() {
    assertEquals("0+2", reply("\"a\"", null, null, "bytes=0-1", "\"a\""));
    assertEquals("0+2", reply("\"a\"", null, null, "bytes=0-1", CHANGED));
    assertEquals("Whole", reply("\"a\"", null, null, "bytes=0-1", "\"b\""));
    assertEquals("Whole", reply("\"a\"", null, null, "bytes=0-1", "W/\"a\""));
    assertEquals("Whole", reply("W/\"a\"", null, null, "bytes=0-1", "W/\"a\""));
    assertEquals("Whole", reply("W/\"a\"", null, null, "bytes=0-1", CHANGED));
    assertEquals("Whole", reply("\"a\"", null, null, "bytes=0-1", "yesterday"));
    assertEquals("NotModified", reply("\"a\"", "\"a\"", null, "bytes=0-1", "\"a\""));
  }
}
