package io.github.bmcgateway.console;

import java.util.Random;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/**
 * A socket to a BMC whose frames are relayed by the very thread that found them to have come. That
 * spares a console's every message the change of threads that Jetty makes where a handler might
 * block; {@link CoreBmcSocket} and the bridge behind it never do.
 */
final class BmcConnection extends WebSocketConnection {
  private final Callback readable =
      Callback.from(InvocationType.NON_BLOCKING, this::onFillable, this::onFillInterestedFailed);

  BmcConnection(HttpClient client, EndPoint endPoint, WebSocketCoreSession session, Random masks) {
    super(
        endPoint,
        client.getExecutor(),
        client.getScheduler(),
        client.getByteBufferPool(),
        session,
        masks);
  }

  @Override
  public void fillInterested() {
    fillInterested(readable);
  }
}
