package io.github.bmcgateway.jettybase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.List;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.junit.jupiter.api.Test;

final class InlineConsolesTest {
  @Test
  void aConsolesFramesAreHandledByWhoFindsThem() throws Exception {
    assertEquals(InvocationType.NON_BLOCKING, typeOf(InlineConsolesTest::console));
  }

  @Test
  void requestsMayBlock() throws Exception {
    assertEquals(InvocationType.BLOCKING, typeOf(Requests::new));
  }

  private interface Protocol {
    AbstractConnection on(EndPoint endPoint);
  }

  /** How Jetty calls what waits to read on a connection of the protocol, within TLS. */
  private static InvocationType typeOf(Protocol protocol) throws Exception {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.start();
    try (ByteArrayEndPoint network = new ByteArrayEndPoint();
        ServerConnector connector = new ServerConnector(new Server())) {
      SslEndPoint plain =
          new InlineConsoles(tls, "http/1.1")
              .newSslConnection(connector, network, tls.newSSLEngine())
              .getSslEndPoint();
      AbstractConnection connection = protocol.on(plain);
      plain.setConnection(connection);
      connection.fillInterested();
      return plain.getFillInterest().getCallbackInvocationType();
    } finally {
      tls.stop();
    }
  }

  private static AbstractConnection console(EndPoint endPoint) {
    WebSocketComponents components = new WebSocketComponents();
    ExtensionStack extensions = new ExtensionStack(components, Behavior.SERVER);
    extensions.negotiate(List.of(), List.of());
    Negotiated negotiated =
        new Negotiated(
            URI.create("wss://bmc.example/console"), "", /* secure= */ true, extensions, "13");
    return new WebSocketConnection(
        endPoint,
        Runnable::run,
        new ScheduledExecutorScheduler(),
        new ArrayByteBufferPool(),
        new WebSocketCoreSession(new Ignoring(), Behavior.SERVER, negotiated, components));
  }

  private static final class Requests extends AbstractConnection {
    Requests(EndPoint endPoint) {
      super(endPoint, Runnable::run);
    }

    @Override
    public void onFillable() {}
  }

  private static final class Ignoring implements FrameHandler {
    @Override
    public void onOpen(CoreSession session, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
      callback.succeeded();
    }
  }
}
