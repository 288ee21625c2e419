package io.github.bmcgateway.jettybase;

import io.github.bmcgateway.proxy.tls.FairSslConnection;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/**
 * TLS towards browsers, on which the frames of a console are relayed by the very thread that found
 * them to have come. That spares each the change of threads that Jetty makes where a handler might
 * block; the gateway's, which are the only ones here, never do. Requests are handled as ever.
 *
 * <p>Thread-safe.
 */
public final class InlineConsoles extends SslConnectionFactory {
  /**
   * As the class it extends.
   *
   * @param next name of the protocol inside
   */
  public InlineConsoles(SslContextFactory.Server sslContextFactory, String next) {
    super(sslContextFactory, next);
  }

  @Override
  protected SslConnection newSslConnection(
      Connector connector, EndPoint network, SSLEngine engine) {
    return new FairSslConnection(
        connector.getByteBufferPool(),
        connector.getExecutor(),
        getSslContextFactory(),
        network,
        engine,
        isDirectBuffersForEncryption(),
        isDirectBuffersForDecryption()) {
      @Override
      protected boolean isInline() {
        return getSslEndPoint().getConnection() instanceof WebSocketConnection;
      }

      @Override
      protected SslEndPoint newSslEndPoint() {
        return new FairEndPoint() {
          @Override
          public void fillInterested(Callback callback) {
            super.fillInterested(isInline() ? inline(callback) : callback);
          }
        };
      }
    };
  }

  private static Callback inline(Callback callback) {
    return new Callback.Nested(callback) {
      @Override
      public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
      }
    };
  }
}
