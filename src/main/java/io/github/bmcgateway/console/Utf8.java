package io.github.bmcgateway.console;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text of one socket between bytes and strings, piece by piece: a character that is split over two
 * pieces is carried over. Malformed text is an error, never replaced. One direction at a time each.
 */
final class Utf8 {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private ByteBuffer openBytes = ByteBuffer.allocate(0);
  private String openChar = "";

  /** Decodes a piece of a message. */
  String decode(ByteBuffer piece, boolean last) throws CharacterCodingException {
    ByteBuffer in = ByteBuffer.allocate(openBytes.remaining() + piece.remaining());
    in.put(openBytes).put(piece).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining());
    CoderResult result = decoder.decode(in, out, last);
    if (result.isError()) {
      result.throwException();
    }
    if (last) {
      decoder.flush(out);
      decoder.reset();
    }
    openBytes = in.slice();
    return out.flip().toString();
  }

  /** Fails when a piece makes its message malformed; the piece stays unread. */
  void check(ByteBuffer piece, boolean last) throws CharacterCodingException {
    decode(piece.duplicate(), last);
  }

  /** Encodes a piece of a message. */
  ByteBuffer encode(String piece, boolean last) {
    String text = openChar + piece;
    boolean split =
        !last && !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
    int end = split ? text.length() - 1 : text.length();
    openChar = text.substring(end);
    return StandardCharsets.UTF_8.encode(text.substring(0, end));
  }
}
