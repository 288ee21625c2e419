package io.github.bmcgateway.rewrite;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;

/**
 * Replaces literals in a body of any length, however it is cut into chunks. The leftmost match
 * comes first, of those with the same start the longest; matches don't overlap, and a replacement
 * isn't searched again.
 *
 * <p>A chunk in which nothing matches goes on as it came, without a copy: the proxy keeps an input
 * buffer until all that its call put out has been written. An end of a chunk that may be the
 * beginning of a match is held back until the next call, at most one byte more than the longest
 * literal. For one exchange only.
 */
final class StreamingReplacer implements ContentTransformer {
  private final LiteralSearch search;
  private final Consumer<BitSet> whenDone;
  private final BitSet found = new BitSet();
  private final byte[] held;
  private int heldBytes;
  private byte[] scratch = {};

  StreamingReplacer(LiteralSearch search) {
    this(search, found -> {});
  }

  /**
   * @param whenDone told at the end of the body which literals occurred, by their index
   */
  StreamingReplacer(LiteralSearch search, Consumer<BitSet> whenDone) {
    this.search = search;
    this.whenDone = whenDone;
    this.held = new byte[search.reach() - 1];
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output) {
    ByteBuffer source = heldBytes == 0 ? input : joined(input);
    if (source.hasArray()) {
      replace(source, source.array(), source.arrayOffset() + source.position(), finished, output);
    } else {
      replace(source, copied(source), 0, finished, output);
    }
    if (finished) {
      whenDone.accept(found);
    }
  }

  /**
   * @param text an array that holds the source's bytes
   * @param base where they begin in it
   */
  private void replace(
      ByteBuffer source, byte[] text, int base, boolean finished, List<ByteBuffer> output) {
    int end = base + source.remaining();
    int from = base;
    Rebuilt rebuilt = null;
    int at = search.next(text, from, end, finished);
    int match = at < end ? search.matchAt(text, at, end, finished) : LiteralSearch.NONE;
    while (match >= 0) {
      rebuilt = rebuilt == null ? new Rebuilt(source.remaining()) : rebuilt;
      rebuilt.write(text, from, at - from);
      rebuilt.writeBytes(search.literal(match).replacement());
      found.set(match);
      from = at + search.literal(match).length();
      at = search.next(text, from, end, finished);
      match = at < end ? search.matchAt(text, at, end, finished) : LiteralSearch.NONE;
    }
    hold(text, at, end);
    if (rebuilt == null) {
      passOn(source, at - base, output);
    } else {
      rebuilt.write(text, from, at - from);
      output.add(rebuilt.toBuffer());
    }
  }

  private static void passOn(ByteBuffer source, int length, List<ByteBuffer> output) {
    if (length > 0) {
      output.add(length == source.remaining() ? source : source.slice(source.position(), length));
    }
  }

  private void hold(byte[] text, int from, int end) {
    heldBytes = end - from;
    System.arraycopy(text, from, held, 0, heldBytes);
  }

  private ByteBuffer joined(ByteBuffer input) {
    byte[] joined = new byte[heldBytes + input.remaining()];
    System.arraycopy(held, 0, joined, 0, heldBytes);
    input.get(input.position(), joined, heldBytes, input.remaining());
    return ByteBuffer.wrap(joined);
  }

  /** Arrays are searched several times as fast as direct buffers. */
  private byte[] copied(ByteBuffer source) {
    if (scratch.length < source.remaining()) {
      scratch = new byte[source.remaining()];
    }
    source.get(source.position(), scratch, 0, source.remaining());
    return scratch;
  }

  /** A chunk in which something was replaced; one buffer, since each is written by itself. */
  private static final class Rebuilt extends ByteArrayOutputStream {
    Rebuilt(int size) {
      super(size + size / 8);
    }

    ByteBuffer toBuffer() {
      return ByteBuffer.wrap(buf, 0, count);
    }
  }
}
