package io.github.bmcgateway.jettybase;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
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
  /** So many bytes, or a record of TLS more, and it's another connection's turn. */
  private static final int TURN_BYTES = 256 * 1024;

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
    return new SslConnection(
        connector.getByteBufferPool(),
        connector.getExecutor(),
        getSslContextFactory(),
        network,
        engine,
        isDirectBuffersForEncryption(),
        isDirectBuffersForDecryption()) {
      @Override
      protected SslEndPoint newSslEndPoint() {
        return new Plain();
      }

      /**
       * The connection as it is without TLS. Its fields are of whichever thread reads, one at a
       * time.
       */
      final class Plain extends SslEndPoint {
        private int turn = TURN_BYTES;

        @Override
        public void fillInterested(Callback callback) {
          super.fillInterested(
              getConnection() instanceof WebSocketConnection ? new Turn(callback) : callback);
        }

        /**
         * Finds nothing at the end of a turn: what has come is found again in the next. Writing,
         * TLS asks without room, and always gets its answer.
         */
        @Override
        public int fill(ByteBuffer buffer) throws IOException {
          boolean console =
              getConnection() instanceof WebSocketConnection && BufferUtil.space(buffer) > 0;
          if (console && turn <= 0) {
            return 0;
          }
          int filled = super.fill(buffer);
          if (console && filled > 0) {
            turn -= filled;
          }
          return filled;
        }

        /** What a console does with what has come. */
        final class Turn extends Callback.Nested {
          Turn(Callback callback) {
            super(callback);
          }

          @Override
          public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
          }

          @Override
          public void succeeded() {
            turn = TURN_BYTES;
            super.succeeded();
          }
        }
      }
    };
  }
}
