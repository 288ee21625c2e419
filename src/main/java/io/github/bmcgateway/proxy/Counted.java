package io.github.bmcgateway.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongConsumer;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.util.component.Destroyable;

/** Counts the bytes of a body that goes into a transformer, and of what comes out of it. */
final class Counted implements ContentTransformer, Destroyable {
  private final ContentTransformer inner;
  private final LongConsumer in;
  private final LongConsumer out;

  private Counted(ContentTransformer inner, LongConsumer in, LongConsumer out) {
    this.inner = inner;
    this.in = in;
    this.out = out;
  }

  /** Counts what comes in. */
  static ContentTransformer in(ContentTransformer inner, LongConsumer in) {
    return new Counted(inner, in, bytes -> {});
  }

  /** Counts what goes out. */
  static ContentTransformer out(ContentTransformer inner, LongConsumer out) {
    return new Counted(inner, bytes -> {}, out);
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    in.accept(input.remaining());
    int known = output.size();
    inner.transform(input, finished, output);
    out.accept(
        output.subList(known, output.size()).stream().mapToLong(ByteBuffer::remaining).sum());
  }

  @Override
  public void destroy() {
    if (inner instanceof Destroyable destroyable) {
      destroyable.destroy();
    }
  }
}
