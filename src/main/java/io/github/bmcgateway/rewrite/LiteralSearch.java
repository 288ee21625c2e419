package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.rewrite.Follow.Verdict;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds many literals at once, by the shift table of Wu and Manber ("A fast algorithm for
 * multi-pattern searching", 1994) over blocks of two bytes. A window as long as the shortest
 * literal moves over the text; the last two bytes in it tell how far the next start of a literal is
 * away at least, mostly as far as the window is long. So the shortest literal decides the speed.
 *
 * <p>Of several matches the leftmost is found, of those with the same start the longest. The first
 * of two literals with the same text counts. Immutable; safe for use by several threads.
 */
final class LiteralSearch {
  /** No literal stands or begins here. */
  static final int NONE = -1;

  /** More text may make a match here. */
  static final int OPEN = -2;

  private static final int BLOCK_BITS = 14;
  private static final int BUCKETS = 128;
  private static final int MAX_SHIFT = Byte.MAX_VALUE;

  private final Literal[] literals;
  private final int window;
  private final int longest;
  private final byte[] shifts = new byte[1 << BLOCK_BITS];
  private final int[][] buckets = new int[BUCKETS][0];

  /**
   * @param literals at least one
   */
  LiteralSearch(List<Literal> literals) {
    if (literals.isEmpty()) {
      throw new IllegalArgumentException("no literal to search for");
    }
    this.literals = literals.toArray(Literal[]::new);
    this.window = literals.stream().mapToInt(Literal::length).min().getAsInt();
    this.longest = literals.stream().mapToInt(Literal::length).max().getAsInt();
    Arrays.fill(shifts, (byte) farthest());
    literals.forEach(this::limitShifts);
    fillBuckets();
  }

  /** The literals, in the order in which they were given. */
  List<Literal> literals() {
    return List.of(literals);
  }

  Literal literal(int index) {
    return literals[index];
  }

  /** The most bytes from the start of a literal on that are needed to tell whether it matches. */
  int reach() {
    return longest + Follow.MAX_BYTES;
  }

  /**
   * The first index, {@code from} or more, at which {@link #matchAt} isn't {@link #NONE}.
   *
   * @param end where the known text ends
   * @param last whether nothing comes after {@code end}
   * @return {@code end} when there is none
   */
  int next(byte[] text, int from, int end, boolean last) {
    int at = skip(text, from + window - 1, end);
    while (at < end) {
      int shift = shifts[block(text[at - 1], text[at])];
      if (shift == 0) {
        if (matchAt(text, at - window + 1, end, last) != NONE) {
          return at - window + 1;
        }
        shift = 1;
      }
      at = skip(text, at + shift, end);
    }
    return last ? end : beginning(text, at - window + 1, end);
  }

  /**
   * The end of the first window, from this one on, whose last two bytes are of a literal. Nearly
   * all are of none, and the way to the next is then a constant: the processor needn't wait for
   * what the table says to look there already.
   */
  private int skip(byte[] text, int from, int end) {
    byte[] table = shifts;
    int farthest = farthest();
    int at = from;
    while (at < end && table[block(text[at - 1], text[at])] == farthest) {
      at += farthest;
    }
    return at;
  }

  private int farthest() {
    return Math.min(window - 1, MAX_SHIFT);
  }

  /** Index of the literal that matches at {@code start}, or {@link #NONE}, or {@link #OPEN}. */
  int matchAt(byte[] text, int start, int end, boolean last) {
    if (end - start < window) {
      return last || beginning(text, start, start + 1, end) != start ? NONE : OPEN;
    }
    int behind = start + window;
    for (int index : buckets[bucket(block(text[behind - 2], text[behind - 1]))]) {
      Verdict verdict = literals[index].judge(text, start, end, last);
      if (verdict != Verdict.NO_MATCH) {
        return verdict == Verdict.MATCH ? index : OPEN;
      }
    }
    return NONE;
  }

  private int beginning(byte[] text, int from, int end) {
    return beginning(text, from, end, end);
  }

  /** The first index before {@code limit} from which on the text is the beginning of a literal. */
  private int beginning(byte[] text, int from, int limit, int end) {
    for (int start = from; start < limit; start++) {
      for (Literal literal : literals) {
        if (literal.judge(text, start, end, /* last= */ false) == Verdict.OPEN) {
          return start;
        }
      }
    }
    return limit;
  }

  private void limitShifts(Literal literal) {
    for (int at = 1; at < window; at++) {
      int block = block(literal.byteAt(at - 1), literal.byteAt(at));
      shifts[block] = (byte) Math.min(shifts[block], window - 1 - at);
    }
  }

  private void fillBuckets() {
    Integer[] longestFirst = new Integer[literals.length];
    Arrays.setAll(longestFirst, index -> index);
    Arrays.sort(longestFirst, Comparator.comparingInt(index -> -literals[index].length()));
    for (int index : longestFirst) {
      Literal literal = literals[index];
      int bucket = bucket(block(literal.byteAt(window - 2), literal.byteAt(window - 1)));
      buckets[bucket] = Arrays.copyOf(buckets[bucket], buckets[bucket].length + 1);
      buckets[bucket][buckets[bucket].length - 1] = index;
    }
  }

  /** Distinct for any two ASCII bytes; others share, which costs time but no match. */
  private static int block(byte first, byte second) {
    return ((first << 7) ^ second) & ((1 << BLOCK_BITS) - 1);
  }

  private static int bucket(int block) {
    return (block ^ (block >>> 7)) & (BUCKETS - 1);
  }
}
