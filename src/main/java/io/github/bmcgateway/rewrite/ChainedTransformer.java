package io.github.bmcgateway.rewrite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.util.BufferUtil;

/** Hands the output of one transformer to another. For one exchange only. */
final class ChainedTransformer implements ContentTransformer {
  private final ContentTransformer first;
  private final ContentTransformer second;
  private final List<ByteBuffer> between = new ArrayList<>();

  ChainedTransformer(ContentTransformer first, ContentTransformer second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    first.transform(input, finished, between);
    for (ByteBuffer buffer : between) {
      second.transform(buffer, false, output);
    }
    between.clear();
    if (finished) {
      second.transform(BufferUtil.EMPTY_BUFFER, true, output);
    }
  }
}
