package io.github.bmcgateway.jettybase;

import java.time.Duration;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Breaks off requests whose bodies come too slowly. Jetty's idle time-out begins anew with every
 * byte, so that one byte a minute would keep a request, and its place at a BMC, for days. Only the
 * time counts for which somebody waits for the body: an upload to a slow BMC isn't a slow upload.
 *
 * <p>Thread-safe.
 */
public final class SlowBodies implements HttpConfiguration.Customizer {
  private final Duration window;
  private final long bytesInWindow;

  /**
   * @param windowMillis of each such time of waiting, above 0
   * @param bytesPerSecond that have to come in its mean; 0 for any
   */
  public SlowBodies(long windowMillis, long bytesPerSecond) {
    window = Duration.ofMillis(windowMillis);
    bytesInWindow = windowMillis * bytesPerSecond / 1000;
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    return mayHaveBody(request) ? new Measured(request) : request;
  }

  private static boolean mayHaveBody(Request request) {
    if (request.getLength() >= 0) {
      return request.getLength() > 0;
    }
    return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        || request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
  }

  /** Sees when its body is waited for, and what comes. */
  private final class Measured extends Request.Wrapper {
    private final BodyRate rate;

    Measured(Request request) {
      super(request);
      rate =
          new BodyRate(
              window,
              bytesInWindow,
              request.getComponents().getScheduler(),
              failure ->
                  request.getComponents().getExecutor().execute(() -> request.fail(failure)));
      Request.addCompletionListener(request, failure -> rate.close());
    }

    @Override
    public Content.@Nullable Chunk read() {
      Content.Chunk chunk = super.read();
      if (chunk != null) {
        rate.came(chunk.remaining());
      }
      return chunk;
    }

    @Override
    public void demand(Runnable whenThere) {
      rate.awaited();
      super.demand(whenThere);
    }
  }
}
