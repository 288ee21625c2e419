package io.github.bmcgateway.rewrite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.http.GZIPContentDecoder;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.component.Destroyable;

/**
 * Decodes gzip (RFC 1952) and hands the plain bytes to another transformer, in pieces of at most 16
 * KiB that are its own only for the length of a call: it has to be one that copies ({@link
 * GzipTransformer}, {@link DetachingTransformer}). A body that isn't gzip, ends inside the
 * compressed data, goes on behind it with anything but gzip, or unfolds beyond all measure fails
 * the exchange. For one exchange only.
 */
final class GunzipTransformer implements ContentTransformer, Destroyable {
  private static final int PIECE_BYTES = 16 * 1024;

  /**
   * A call may yield 4 MiB, and 250 times its input more. Pages and scripts stay far under it; gzip
   * could reach 1,032 times, and as a call can't stop halfway, a plain body is held until the
   * browser has taken it.
   */
  private static final int FREE_BYTES = 4 * 1024 * 1024;

  private static final int MAX_RATIO = 250;

  /** Of the body as a whole, beyond what is free: a page costs no more than its bytes suggest. */
  private static final int MAX_WHOLE_RATIO = 100;

  private final Decoder decoder;
  private final ContentTransformer next;
  private long credit = FREE_BYTES;

  GunzipTransformer(ByteBufferPool pool, ContentTransformer next) {
    this.decoder = new Decoder(pool);
    this.next = next;
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    long allowed = FREE_BYTES + (long) MAX_RATIO * input.remaining();
    credit += (long) MAX_WHOLE_RATIO * input.remaining();
    // zlib keeps the buffer it was last given, and would read on once the owner has cleared it.
    ByteBuffer own = input.duplicate();
    while (own.hasRemaining()) {
      int length = decodePiece(own, output);
      allowed -= length;
      credit -= length;
      if (allowed < 0 || credit < 0) {
        throw new TransformException("gzip unfolds beyond measure");
      }
    }
    if (finished) {
      if (!decoder.isFinished()) {
        throw new TransformException("gzip ends early");
      }
      next.transform(BufferUtil.EMPTY_BUFFER, true, output);
    }
  }

  private int decodePiece(ByteBuffer input, List<ByteBuffer> output) throws IOException {
    RetainableByteBuffer piece = decode(input);
    try {
      int length = piece.remaining();
      if (length > 0) {
        next.transform(piece.getByteBuffer(), false, output);
      }
      return length;
    } finally {
      piece.release();
    }
  }

  private RetainableByteBuffer decode(ByteBuffer input) throws TransformException {
    try {
      return decoder.decode(input);
    } catch (RuntimeException e) {
      throw new TransformException("not gzip");
    }
  }

  @Override
  public void destroy() {
    decoder.destroy();
    if (next instanceof Destroyable destroyable) {
      destroyable.destroy();
    }
  }

  private static final class Decoder extends GZIPContentDecoder {
    private boolean destroyed;

    Decoder(ByteBufferPool pool) {
      super(pool, PIECE_BYTES);
    }

    @Override
    protected boolean decodedChunk(RetainableByteBuffer chunk) {
      super.decodedChunk(chunk);
      return true;
    }

    @Override
    public void destroy() {
      // The proxy may clean up an exchange twice, which the base class doesn't take.
      if (!destroyed) {
        destroyed = true;
        super.destroy();
      }
    }
  }
}
