package io.github.bmcgateway.proxy;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Makes the HTTP client through which every connection to another gateway goes. It sends and reads
 * as the one for BMCs does, but looks names up, demands a certificate for them, and bounds nothing
 * that the other gateway bounds.
 */
public final class GatewayClients {
  /** Below the 30 s after which a Jetty drops an idle connection. */
  private static final long POOL_IDLE_MILLIS = 20_000;

  /** An event stream holds a connection as long as it is open. */
  private static final int MAX_CONNECTIONS = 4_096;

  private static final int MAX_QUEUED = 16_384;
  private static final int MAX_HEAD_BYTES = 128 * 1024;

  private GatewayClients() {}

  /**
   * A client that isn't started yet; its owner starts and stops it.
   *
   * @param tls which certificates are good
   * @param executor runs the client's callbacks; owned by the caller
   */
  public static HttpClient create(
      SslContextFactory.Client tls, Executor executor, Duration connectTimeout) {
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(tls);
    HttpClient client =
        new ByteExactClient(
            new BmcTransport(connector, POOL_IDLE_MILLIS, new Replay(() -> {})),
            executor,
            MAX_HEAD_BYTES);
    client.setConnectTimeout(connectTimeout.toMillis());
    client.setIdleTimeout(POOL_IDLE_MILLIS);
    client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
    client.setMaxRequestsQueuedPerDestination(MAX_QUEUED);
    return client;
  }
}
