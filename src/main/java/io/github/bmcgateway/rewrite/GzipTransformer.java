package io.github.bmcgateway.rewrite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.component.Destroyable;

/**
 * Codes the output of another transformer with gzip, at the fastest level. Holds what zlib holds
 * (about 256 KiB) and the coded output of one call; needs neither its input nor the other's output
 * once a call has returned. For one exchange only.
 */
final class GzipTransformer implements ContentTransformer, Destroyable {
  private final ContentTransformer inner;
  private final List<ByteBuffer> plain = new ArrayList<>();
  private final ByteArrayOutputStream coded = new ByteArrayOutputStream();
  private final FastGzip gzip;

  GzipTransformer(ContentTransformer inner) {
    this.inner = inner;
    try {
      this.gzip = new FastGzip(coded);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    inner.transform(input, finished, plain);
    for (ByteBuffer piece : plain) {
      BufferUtil.writeTo(piece.duplicate(), gzip);
    }
    plain.clear();
    if (finished) {
      gzip.finish();
    }
    if (coded.size() > 0) {
      output.add(ByteBuffer.wrap(coded.toByteArray()));
      coded.reset();
    }
  }

  @Override
  public void destroy() {
    gzip.end();
    if (inner instanceof Destroyable destroyable) {
      destroyable.destroy();
    }
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 4096);
      def.setLevel(Deflater.BEST_SPEED);
    }

    /** Gives zlib's memory back; more than once does no harm. */
    void end() {
      def.end();
    }
  }
}
