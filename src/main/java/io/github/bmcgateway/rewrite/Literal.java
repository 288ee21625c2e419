package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.rewrite.Follow.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that are looked for, and what takes their place. Text stands for its UTF-8 bytes; as BMCs'
 * literals are ASCII, it fits pages of any charset that contains ASCII. Immutable.
 */
final class Literal {
  /** The shortest that can be searched for, in bytes. */
  static final int MIN_BYTES = 2;

  private final byte[] text;
  private final byte[] replacement;
  private final Follow follow;

  private Literal(byte[] text, byte[] replacement, Follow follow) {
    this.text = text;
    this.replacement = replacement;
    this.follow = follow;
  }

  /**
   * A literal.
   *
   * @throws IllegalArgumentException if the text is shorter than {@link #MIN_BYTES}
   */
  static Literal of(String text, String replacement, Follow follow) {
    return of(
        text.getBytes(StandardCharsets.UTF_8),
        replacement.getBytes(StandardCharsets.UTF_8),
        follow);
  }

  /** As {@link #of(String, String, Follow)}, of bytes, which are copied. */
  static Literal of(byte[] text, byte[] replacement, Follow follow) {
    if (text.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "literal of " + text.length + " bytes, the shortest is " + MIN_BYTES);
    }
    return new Literal(text.clone(), replacement.clone(), follow);
  }

  int length() {
    return text.length;
  }

  byte byteAt(int index) {
    return text[index];
  }

  /** The literal's bytes; not to be changed. */
  byte[] text() {
    return text;
  }

  /** The bytes that take its place; not to be changed. */
  byte[] replacement() {
    return replacement;
  }

  Follow follow() {
    return follow;
  }

  /** Whether this literal stands at {@code start} of the text that is known up to {@code end}. */
  Verdict judge(byte[] in, int start, int end, boolean last) {
    int known = Math.min(text.length, end - start);
    if (in[start] != text[0] || !Arrays.equals(in, start, start + known, text, 0, known)) {
      return Verdict.NO_MATCH;
    }
    if (known < text.length) {
      return last ? Verdict.NO_MATCH : Verdict.OPEN;
    }
    return follow.judge(in, start + known, end, last);
  }
}
