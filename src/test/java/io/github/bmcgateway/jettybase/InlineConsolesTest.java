package io.github.bmcgateway.jettybase;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
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
  private static final int FLOOD_BYTES = 2 << 20;

  @Test
  void aConsolesFramesAreHandledByWhoFindsThem() throws Exception {
    assertEquals(InvocationType.NON_BLOCKING, typeOf(InlineConsolesTest::console));
  }

  @Test
  void requestsMayBlock() throws Exception {
    assertEquals(InvocationType.BLOCKING, typeOf(Requests::new));
  }

  @Test
  void aConsoleThatFloodsLeavesOthersTheirTurn() throws Exception {
    List<Integer> turns = turnsOf(InlineConsolesTest::console, /* keyUpdates= */ 0, FLOOD_BYTES);
    assertEquals(FLOOD_BYTES, turns.stream().mapToInt(Integer::intValue).sum());
    int most = Collections.max(turns);
    assertTrue(most < FLOOD_BYTES / 2, "at once " + most);
  }

  @Test
  void soDoesOneThatFloodsWithRecordsThatCarryNothing() throws Exception {
    List<Integer> turns = turnsOf(InlineConsolesTest::console, 10_000, 1);
    assertEquals(0, turns.get(0));
    assertEquals(1, turns.get(turns.size() - 1));
  }

  @Test
  void recordsThatCarryNothingHoldNoThreadOfRequestsEither() throws Exception {
    List<Integer> turns = turnsOf(Requests::new, 10_000, 1);
    assertEquals(0, turns.get(0));
    assertEquals(1, turns.get(turns.size() - 1));
  }

  @Test
  void anUploadIsReadForAsLongAsItComes() throws Exception {
    assertEquals(List.of(FLOOD_BYTES), turnsOf(Requests::new, /* keyUpdates= */ 0, FLOOD_BYTES));
  }

  /** How many bytes are read, turn by turn, until all of so many that lie ready have been. */
  private static List<Integer> turnsOf(Protocol protocol, int keyUpdates, int bytes)
      throws Exception {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(TestCertificates.localhost());
    tls.setKeyStorePassword(TestCertificates.PASSWORD);
    tls.start();
    try (ByteArrayEndPoint network = new ByteArrayEndPoint(new byte[0], 1 << 20);
        ServerConnector connector = new ServerConnector(new Server())) {
      SSLEngine engine = tls.newSSLEngine();
      engine.setUseClientMode(false);
      SslConnection connection =
          new InlineConsoles(tls, "http/1.1").newSslConnection(connector, network, engine);
      network.setConnection(connection);
      SslEndPoint plain = connection.getSslEndPoint();
      plain.setConnection(protocol.on(plain));
      TlsBytes browser = new TlsBytes(network, plain);
      browser.shakeHands();
      browser.updateKeys(keyUpdates);
      browser.send(bytes);
      List<Integer> turns = new ArrayList<>();
      for (int read = 0; read < bytes; read += turns.get(turns.size() - 1)) {
        Callback.Completable readable = new Callback.Completable();
        plain.fillInterested(readable);
        readable.get(5, SECONDS);
        turns.add(readAll(plain));
      }
      return turns;
    } finally {
      tls.stop();
    }
  }

  private static int readAll(EndPoint plain) throws IOException {
    ByteBuffer buffer = BufferUtil.allocate(64 * 1024);
    int all = 0;
    for (int filled = plain.fill(buffer); filled > 0; filled = plain.fill(buffer)) {
      all += filled;
      BufferUtil.clear(buffer);
    }
    return all;
  }

  /** A browser's end of a connection whose network is an array. */
  private static final class TlsBytes {
    private final ByteArrayEndPoint network;
    private final EndPoint server;
    private final SSLEngine engine;
    private final ByteBuffer received;

    TlsBytes(ByteArrayEndPoint network, EndPoint server) throws Exception {
      this.network = network;
      this.server = server;
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, SslContextFactory.TRUST_ALL_CERTS, null);
      engine = context.createSSLEngine("localhost", 443);
      engine.setUseClientMode(true);
      received = ByteBuffer.allocate(64 * 1024).limit(0);
    }

    void shakeHands() throws IOException {
      engine.beginHandshake();
      HandshakeStatus status = engine.getHandshakeStatus();
      while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
        switch (status) {
          case NEED_TASK -> engine.getDelegatedTask().run();
          case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
          default -> unwrap();
        }
        status = engine.getHandshakeStatus();
      }
      server.fill(BufferUtil.EMPTY_BUFFER);
    }

    private void unwrap() throws IOException {
      if (!received.hasRemaining()) {
        server.fill(BufferUtil.EMPTY_BUFFER);
        received.clear().put(network.takeOutput()).flip();
      }
      engine.unwrap(received, ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
    }

    /** A second handshake is that in TLS 1.3 (RFC 8446, section 4.6.3). */
    void updateKeys(int times) throws IOException {
      for (int i = 0; i < times; i++) {
        engine.beginHandshake();
        wrap(ByteBuffer.allocate(0));
      }
    }

    void send(int bytes) throws IOException {
      ByteBuffer plain = ByteBuffer.allocate(bytes);
      while (plain.hasRemaining()) {
        wrap(plain);
      }
    }

    private void wrap(ByteBuffer plain) throws IOException {
      ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(plain, record);
      network.addInput(record.flip());
    }
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
