package io.github.bmcgateway.rewrite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.component.Destroyable;

/**
 * Copies the output of another transformer, so that it outlives an input buffer that is used again
 * as soon as a call has returned. For one exchange only.
 */
final class DetachingTransformer implements ContentTransformer, Destroyable {
  private final ContentTransformer inner;
  private final List<ByteBuffer> attached = new ArrayList<>();

  DetachingTransformer(ContentTransformer inner) {
    this.inner = inner;
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    inner.transform(input, finished, attached);
    for (ByteBuffer buffer : attached) {
      if (buffer.hasRemaining()) {
        output.add(BufferUtil.copy(buffer));
      }
    }
    attached.clear();
  }

  @Override
  public void destroy() {
    if (inner instanceof Destroyable destroyable) {
      destroyable.destroy();
    }
  }
}
