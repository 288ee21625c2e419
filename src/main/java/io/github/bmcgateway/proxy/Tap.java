package io.github.bmcgateway.proxy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.util.component.Destroyable;

/**
 * Copies the beginning of a body that passes, at most {@link #MAX_BYTES}, and changes and delays
 * nothing. For one body only.
 */
final class Tap implements ContentTransformer, Destroyable {
  static final int MAX_BYTES = 64 * 1024;

  private final ContentTransformer inner;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  Tap(ContentTransformer inner) {
    this.inner = inner;
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    byte[] copy = new byte[Math.min(input.remaining(), MAX_BYTES - seen.size())];
    input.duplicate().get(copy);
    seen.writeBytes(copy);
    inner.transform(input, finished, output);
  }

  /** What was seen, a character a byte; of gzip, what the beginning unfolds to. */
  String text(boolean gzipped) {
    byte[] bytes = gzipped ? unfolded() : seen.toByteArray();
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private byte[] unfolded() {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(seen.toByteArray()))) {
      for (int next = in.read(); next >= 0 && plain.size() < MAX_BYTES; next = in.read()) {
        plain.write(next);
      }
    } catch (IOException cut) {
      // What came before counts.
    }
    return plain.toByteArray();
  }

  @Override
  public void destroy() {
    if (inner instanceof Destroyable destroyable) {
      destroyable.destroy();
    }
  }
}
