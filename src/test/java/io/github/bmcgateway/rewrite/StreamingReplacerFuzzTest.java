package io.github.bmcgateway.rewrite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.bmcgateway.testing.Fuzz;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Any literals in any text, however it is cut, against the naive way. */
@Fuzz
class StreamingReplacerFuzzTest {
  private static final int MAX_LITERALS = 8;
  private static final int MAX_TEXT = 4_000;
  private static final int MAX_CHUNK = 24;

  /**
   * Three lines: literals, such as {@code a>b,//h>//g} with {@code !} before those behind which an
   * authority has to end; chunks, each as long as a character's code says; and the text.
   */
  @FuzzTest(maxDuration = "1m")
  void chunksMakeNoDifferenceToTheNaiveWay(byte[] input) throws IOException {
    String[] lines = new String(input, ISO_8859_1).split("\n", 3);
    List<Literal> literals = lines.length < 3 ? List.of() : literals(lines[0]);
    if (literals.isEmpty() || lines[2].length() > MAX_TEXT) {
      return;
    }
    byte[] text = lines[2].getBytes(ISO_8859_1);
    String chunks = lines[1].isEmpty() ? "~" : lines[1];
    int[] next = {0};

    byte[] actual =
        Bodies.through(
            new StreamingReplacer(new LiteralSearch(literals)),
            text,
            at -> 1 + chunks.charAt(next[0]++ % chunks.length()) % MAX_CHUNK,
            /* direct= */ chunks.length() % 2 == 0);

    assertArrayEquals(StreamingReplacerTest.naive(literals, text), actual);
  }

  private static List<Literal> literals(String line) {
    List<Literal> literals = new ArrayList<>();
    for (String each : line.split(",", MAX_LITERALS)) {
      boolean bounded = each.startsWith("!");
      String[] pair = each.substring(bounded ? 1 : 0).split(">", 2);
      if (pair.length == 2 && pair[0].length() >= Literal.MIN_BYTES) {
        literals.add(
            Literal.of(
                pair[0].getBytes(ISO_8859_1),
                pair[1].getBytes(ISO_8859_1),
                bounded ? Follow.END_OF_AUTHORITY : Follow.ANYTHING));
      }
    }
    return literals;
  }
}
