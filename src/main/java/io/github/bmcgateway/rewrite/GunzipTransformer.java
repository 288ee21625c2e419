package io.github.bmcgateway.rewrite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.ZipException;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.http.GZIPContentDecoder;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.component.Destroyable;

/**
 * Decodes gzip and hands the plain bytes to another transformer. Decodes piece by piece; what one
 * chunk of input yields is bounded by gzip's own ratio of about 1 to 1,000. A body that ends inside
 * the compressed data fails the exchange. For one exchange only.
 */
final class GunzipTransformer implements ContentTransformer, Destroyable {
  private static final int PIECE_BYTES = 16 * 1024;

  private final Decoder decoder;
  private final ContentTransformer next;

  GunzipTransformer(ByteBufferPool pool, ContentTransformer next) {
    this.decoder = new Decoder(pool);
    this.next = next;
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    try {
      while (input.hasRemaining()) {
        decodePiece(input, output);
      }
    } catch (ZipException | RuntimeException e) {
      throw new TransformException("not gzip");
    }
    if (finished) {
      if (!decoder.isFinished()) {
        throw new TransformException("gzip ends early");
      }
      next.transform(BufferUtil.EMPTY_BUFFER, true, output);
    }
  }

  private void decodePiece(ByteBuffer input, List<ByteBuffer> output) throws IOException {
    RetainableByteBuffer piece = decoder.decode(input);
    try {
      if (piece.hasRemaining()) {
        // The piece goes back to its pool below, before the container has written it.
        next.transform(BufferUtil.copy(piece.getByteBuffer()), false, output);
      }
    } finally {
      piece.release();
    }
  }

  @Override
  public void destroy() {
    decoder.destroy();
  }

  private static final class Decoder extends GZIPContentDecoder {
    Decoder(ByteBufferPool pool) {
      super(pool, PIECE_BYTES);
    }

    @Override
    protected boolean decodedChunk(RetainableByteBuffer chunk) {
      super.decodedChunk(chunk);
      return true;
    }
  }
}
