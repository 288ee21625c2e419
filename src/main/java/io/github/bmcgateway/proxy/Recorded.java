package io.github.bmcgateway.proxy;

import io.github.bmcgateway.cache.Flight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.util.component.Destroyable;

/** Lets a flight record what comes out of a transformer. */
final class Recorded implements ContentTransformer, Destroyable {
  private final ContentTransformer inner;
  private final Flight flight;

  Recorded(ContentTransformer inner, Flight flight) {
    this.inner = inner;
    this.flight = flight;
  }

  @Override
  public void transform(ByteBuffer input, boolean finished, List<ByteBuffer> output)
      throws IOException {
    int known = output.size();
    inner.transform(input, finished, output);
    output.subList(known, output.size()).forEach(flight::record);
    if (finished) {
      flight.complete();
    }
  }

  @Override
  public void destroy() {
    if (inner instanceof Destroyable destroyable) {
      destroyable.destroy();
    }
  }
}
