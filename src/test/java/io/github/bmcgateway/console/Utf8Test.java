package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  private static final String TEXT = "aé漢𝄞";

  private final Utf8 utf8 = new Utf8();

  @Test
  void aTextMayBeCutAnywhereBetweenItsBytes() throws Exception {
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      String first = utf8.decode(ByteBuffer.wrap(bytes, 0, cut), false);
      String second = utf8.decode(ByteBuffer.wrap(bytes, cut, bytes.length - cut), true);
      assertEquals(TEXT, first + second);
    }
  }

  @Test
  void aTextMayBeCutAnywhereBetweenItsChars() {
    for (int cut = 0; cut <= TEXT.length(); cut++) {
      ByteBuffer first = utf8.encode(TEXT.substring(0, cut), false);
      ByteBuffer second = utf8.encode(TEXT.substring(cut), true);
      assertEquals(
          TEXT,
          StandardCharsets.UTF_8
              .decode(
                  ByteBuffer.allocate(first.remaining() + second.remaining())
                      .put(first)
                      .put(second)
                      .flip())
              .toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c080", "eda080", "f4908080", "c3", "e282"})
  void malformedTextIsAnError(String hex) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    assertThrows(CharacterCodingException.class, () -> utf8.decode(bytes, true));
  }
}
