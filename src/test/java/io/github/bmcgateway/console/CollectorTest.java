package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CollectorTest {
  private final Collector collector = new Collector(8);

  private static Part part(String bytes, boolean last) {
    return new Part(
        Part.Kind.BINARY, ByteBuffer.wrap(bytes.getBytes(StandardCharsets.US_ASCII)), last);
  }

  private static String text(Optional<Part> part) {
    return StandardCharsets.US_ASCII.decode(part.orElseThrow().bytes()).toString();
  }

  @Test
  void aWholeMessageGoesOnUntouched() {
    Part whole = part("whole", true);
    assertSame(whole, collector.add(whole).orElseThrow());
    Part empty = part("", true);
    assertSame(empty, collector.add(empty).orElseThrow());
  }

  @Test
  void piecesBecomeOneMessage() {
    assertTrue(collector.add(part("a", false)).isEmpty());
    assertTrue(collector.add(part("", false)).isEmpty());
    Optional<Part> whole = collector.add(part("bc", true));
    assertTrue(whole.orElseThrow().last());
    assertEquals("abc", text(whole));
  }

  @Test
  void messagesAreNotMerged() {
    collector.add(part("a", false));
    assertEquals("ab", text(collector.add(part("b", true))));
    assertEquals("c", text(collector.add(part("c", true))));
  }

  @Test
  void aLongMessageGoesOnInPiecesOfTheBound() {
    assertTrue(collector.add(part("1234567", false)).isEmpty());
    Optional<Part> first = collector.add(part("89", false));
    assertEquals("123456789", text(first));
    assertEquals(false, first.orElseThrow().last());
    Part big = part("12345678", false);
    assertSame(big, collector.add(big).orElseThrow());
    assertTrue(collector.add(part("x", false)).isEmpty());
    Optional<Part> end = collector.add(part("", true));
    assertEquals("x", text(end));
    assertTrue(end.orElseThrow().last());
  }
}
