package io.github.bmcgateway.proxy.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bmcgateway.config.BmcTrust;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Networks;
import io.github.bmcgateway.config.Overrides;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** The moment between a handshake that came to nothing and the closing of the connection. */
final class CheckedConnectionTest {
  private static final TlsRules RULES =
      TlsRules.of(
          new GatewayConfig.Bmc(
              new Networks(List.of()), Set.of(), Overrides.NONE, Optional.empty(), BmcTrust.NONE));

  @Test
  void whoWritesWhenTheNetworkBreaksInTheHandshakeIsToldSo() throws Exception {
    assertToldOfTheHandshake(
        new Network(10),
        (plain, callback) -> plain.write(callback, ByteBuffer.wrap("GET /".getBytes(US_ASCII))));
  }

  @Test
  void whoWaitsToReadWhenTheNetworkBreaksInTheHandshakeIsToldSo() throws Exception {
    assertToldOfTheHandshake(new Network(1000), EndPoint::fillInterested);
  }

  @Test
  void whoTriesToWaitWhenTheNetworkBreaksInTheHandshakeIsToldSo() throws Exception {
    assertToldOfTheHandshake(new Network(1000), EndPoint::tryFillInterested);
  }

  private static void assertToldOfTheHandshake(
      Network network, BiConsumer<EndPoint, Callback> waiting) throws Exception {
    BmcTls tls = new BmcTls(() -> RULES);
    tls.start();
    try (network) {
      SSLEngine engine = tls.newSSLEngine("127.0.0.1", 443);
      engine.setUseClientMode(true);
      CheckedConnection connection = connection(tls, network, engine);
      network.setConnection(connection);
      Callback.Completable told = new Callback.Completable();
      waiting.accept(connection.getSslEndPoint(), told);
      assertFalse(told.isDone());
      network.close(new EofException());
      Throwable cause =
          assertThrows(ExecutionException.class, () -> told.get(5, SECONDS)).getCause();
      assertInstanceOf(SSLException.class, cause);
    } finally {
      tls.stop();
    }
  }

  @Test
  void aThreadThatWritesInBetweenSendsNothing() throws Exception {
    BmcTls tls = new BmcTls(() -> RULES);
    tls.start();
    try (ByteArrayEndPoint network = new Network(1000)) {
      SSLEngine engine = tls.newSSLEngine("127.0.0.1", 443);
      engine.setUseClientMode(true);
      CheckedConnection connection = connection(tls, network, engine);
      connection.getSslEndPoint().flush(BufferUtil.EMPTY_BUFFER);
      network.addInput("HTTP/1.1 400 Bad Request\r\n\r\n");
      assertThrows(
          SSLException.class, () -> connection.getSslEndPoint().fill(BufferUtil.allocate(100)));
      ByteBuffer request = ByteBuffer.wrap("GET /".getBytes(US_ASCII));
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      assertThrows(
          SSLException.class, () -> connection.wrap(engine, new ByteBuffer[] {request}, out));
    } finally {
      tls.stop();
    }
  }

  private static CheckedConnection connection(
      BmcTls tls, ByteArrayEndPoint network, SSLEngine engine) {
    return new CheckedConnection(
        new SslClientConnectionFactory(
            tls, new ArrayByteBufferPool(), Runnable::run, (endPoint, context) -> null),
        network,
        engine,
        new CertificateCheck(() -> RULES, (bmc, known, shown) -> {}));
  }

  private static final class Network extends ByteArrayEndPoint {
    /**
     * @param room how many bytes it takes
     */
    Network(int room) {
      super(new byte[0], room);
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 443);
    }
  }
}
