package io.github.bmcgateway.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingReplacerTest {
  @ParameterizedTest
  @CsvSource({
    "abcd, 1d", // The longest of those that begin first,
    "xabc, x1", // also where a longer one breaks off;
    "bcab, 3ab", // what begins later waits.
    "abab, abab",
    "bcbc, 33",
    "abcdabcdbc, 1d1d3",
    "ab, ab",
    "abc, 1",
    "efghefg, 4efg",
  })
  void theLeftmostAndThenTheLongestMatchCounts(String text, String expected) throws IOException {
    for (int chunk = 1; chunk <= text.length(); chunk++) {
      StreamingReplacer replacer =
          replacer(
              literal("abc", "1"),
              literal("abcde", "2"),
              literal("bc", "3"),
              literal("efgh", "4"),
              literal("fg", "fg"));

      assertEquals(expected, through(replacer, text, chunk), "chunks of " + chunk);
    }
  }

  @Test
  void aReplacementIsNotSearchedAgain() throws IOException {
    StreamingReplacer replacer = replacer(literal("ab", "aab"), literal("aab", "no"));

    assertEquals("aabaab", through(replacer, "abab", 1));
  }

  @Test
  void theFirstOfTwoEqualLiteralsCounts() throws IOException {
    assertEquals("12", through(replacer(literal("ab", "1"), literal("ab", "x")), "ab2", 3));
  }

  @ParameterizedTest
  @CsvSource({
    "//h1/,//h2/",
    "//h1,//h2",
    "//h1:,//h2:",
    "//h1:x,//h2:x",
    "//h1:8,//h1:8",
    "//h10,//h10",
    "//h1.de,//h1.de",
    "//h1-a,//h1-a",
    "//h1_,//h2_",
    "//h1Z,//h1Z",
    "//h1:443/,//h2/",
    "//h1:4430,//h1:4430",
    "//h1:443:1,//h1:443:1"
  })
  void anAuthorityHasToEndBehindTheMatch(String text, String expected) throws IOException {
    for (int chunk = 1; chunk <= text.length(); chunk++) {
      StreamingReplacer replacer =
          replacer(
              Literal.of("//h1", "//h2", Follow.END_OF_AUTHORITY),
              Literal.of("//h1:443", "//h2", Follow.END_OF_AUTHORITY));

      assertEquals(expected, through(replacer, text, chunk), "chunks of " + chunk);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChunkWithoutMatchIsPassedOnItself(boolean direct) {
    StreamingReplacer replacer = replacer(literal("needle", "x"));
    ByteBuffer input = direct ? ByteBuffer.allocateDirect(9000) : ByteBuffer.allocate(9000);
    List<ByteBuffer> output = new ArrayList<>();

    replacer.transform(input, false, output);

    assertEquals(1, output.size());
    assertSame(input, output.get(0));
    assertEquals(9000, input.remaining());
  }

  @Test
  void onlyTheBeginningOfAMatchIsHeldBack() {
    StreamingReplacer replacer = replacer(literal("needle", "x"));
    ByteBuffer input = ByteBuffer.wrap("hay nee".getBytes(StandardCharsets.US_ASCII));
    List<ByteBuffer> output = new ArrayList<>();

    replacer.transform(input, false, output);

    assertEquals("hay ", BufferUtil.toString(output.get(0)));
    assertSame(input.array(), output.get(0).array());
  }

  @Test
  void aChunkWithMatchesBecomesOneBuffer() {
    StreamingReplacer replacer = replacer(literal("ab", "c"));
    List<ByteBuffer> output = new ArrayList<>();

    replacer.transform(BufferUtil.toBuffer("ab ab ab a"), false, output);

    assertEquals(1, output.size());
    assertEquals("c c c ", BufferUtil.toString(output.get(0)));
  }

  @Test
  void theEndTellsWhichLiteralsOccurred() throws IOException {
    List<BitSet> found = new ArrayList<>();
    LiteralSearch search =
        new LiteralSearch(List.of(literal("ab", "1"), literal("cd", "2"), literal("ef", "3")));

    through(new StreamingReplacer(search, found::add), "ef ab ef", 2);

    assertEquals(List.of(BitSet.valueOf(new long[] {0b101})), found);
  }

  @Test
  void whatCannotBeSearchedForIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> literal("a", "b"));
    assertThrows(IllegalArgumentException.class, () -> new LiteralSearch(List.of()));
  }

  @Test
  void aLiteralLongerThanAnyShiftIsFound() throws IOException {
    String needle = "0123456789".repeat(30);
    String text = "01".repeat(500) + needle + "0123456789".repeat(40) + needle.substring(1);

    for (int chunk : new int[] {1, 7, 299, 300, 301, 10_000}) {
      assertEquals(
          text.replace(needle, "x"),
          through(replacer(literal(needle, "x")), text, chunk),
          "chunks of " + chunk);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab", "/:.0a", "abcdefgh", "aé\u0000\u00ff", "0123456789./:-_hpst\\"})
  void anyLiteralsInAnyTextInAnyChunksEqualTheNaiveWay(String alphabet) throws IOException {
    byte[] letters = alphabet.getBytes(StandardCharsets.ISO_8859_1);
    int replaced = 0;
    for (int seed = 0; seed < 4000; seed++) {
      Random random = new Random(seed);
      List<Literal> literals = literals(random, letters);
      byte[] text = text(random, letters, literals);
      byte[] expected = naive(literals, text);
      int most = 1 + random.nextInt(1 + random.nextInt(40));

      byte[] actual =
          Bodies.through(
              new StreamingReplacer(new LiteralSearch(literals)),
              text,
              at -> random.nextInt(most + 1),
              random.nextBoolean());

      assertArrayEquals(expected, actual, "seed " + seed);
      replaced += Arrays.equals(text, expected) ? 0 : 1;
    }
    assertTrue(replaced > 2000, replaced + " texts had matches");
  }

  private static List<Literal> literals(Random random, byte[] letters) {
    List<Literal> literals = new ArrayList<>();
    int count = 1 + random.nextInt(8);
    int shortest = 2 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      byte[] text = bytes(random, letters, shortest + random.nextInt(6));
      if (i > 0 && random.nextInt(3) == 0) {
        byte[] other = literals.get(random.nextInt(i)).text();
        byte[] longer = Arrays.copyOf(other, other.length + text.length);
        System.arraycopy(text, 0, longer, other.length, text.length);
        text = longer;
      }
      literals.add(
          Literal.of(
              text,
              bytes(random, letters, random.nextInt(8)),
              random.nextBoolean() ? Follow.ANYTHING : Follow.END_OF_AUTHORITY));
    }
    return literals;
  }

  private static byte[] text(Random random, byte[] letters, List<Literal> literals) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int parts = random.nextInt(30);
    for (int i = 0; i < parts; i++) {
      byte[] literal = literals.get(random.nextInt(literals.size())).text();
      switch (random.nextInt(3)) {
        case 0 -> text.writeBytes(literal);
        case 1 -> text.write(literal, 0, random.nextInt(literal.length));
        default -> text.writeBytes(bytes(random, letters, random.nextInt(12)));
      }
    }
    return text.toByteArray();
  }

  private static byte[] bytes(Random random, byte[] letters, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = letters[random.nextInt(letters.length)];
    }
    return bytes;
  }

  /** Tries every literal at every index. Knows nothing of chunks. */
  static byte[] naive(List<Literal> literals, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      Literal best = null;
      for (Literal literal : literals) {
        String find = new String(literal.text(), StandardCharsets.ISO_8859_1);
        boolean ends =
            !text.substring(Math.min(text.length(), at + find.length()))
                .matches("(?s)(?:[0-9A-Za-z.-]|:[0-9]).*");
        if (text.startsWith(find, at)
            && (ends || literal.follow() == Follow.ANYTHING)
            && (best == null || best.length() < find.length())) {
          best = literal;
        }
      }
      if (best == null) {
        result.append(text.charAt(at++));
      } else {
        result.append(new String(best.replacement(), StandardCharsets.ISO_8859_1));
        at += best.length();
      }
    }
    return result.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static StreamingReplacer replacer(Literal... literals) {
    return new StreamingReplacer(new LiteralSearch(List.of(literals)));
  }

  private static Literal literal(String text, String replacement) {
    return Literal.of(text, replacement, Follow.ANYTHING);
  }

  private static String through(StreamingReplacer replacer, String text, int chunk)
      throws IOException {
    return new String(
        Bodies.through(replacer, text.getBytes(StandardCharsets.UTF_8), chunk),
        StandardCharsets.UTF_8);
  }
}
