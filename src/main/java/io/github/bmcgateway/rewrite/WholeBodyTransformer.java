package io.github.bmcgateway.rewrite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;

/**
 * Rewrites a small body as a whole, once all of it has come. Holds at most {@link #MAX_BYTES}; a
 * longer body fails the exchange rather than being cut. For one exchange only.
 */
final class WholeBodyTransformer implements ContentTransformer {
  /** Far over any ticket or description that a BMC hands out. */
  static final int MAX_BYTES = 64 * 1024;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final UnaryOperator<byte[]> rewriting;

  WholeBodyTransformer(UnaryOperator<byte[]> rewriting) {
    this.rewriting = rewriting;
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    if (body.size() + input.remaining() > MAX_BYTES) {
      throw new TransformException("body of more than " + MAX_BYTES + " bytes");
    }
    byte[] bytes = new byte[input.remaining()];
    input.get(bytes);
    body.writeBytes(bytes);
    if (finished) {
      output.add(ByteBuffer.wrap(rewriting.apply(body.toByteArray())));
    }
  }
}
