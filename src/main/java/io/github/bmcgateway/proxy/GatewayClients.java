package io.github.bmcgateway.proxy;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpCookieStore;
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

  private static final long DESTINATION_IDLE_MILLIS = 60_000;

  /** An event stream holds a connection as long as it is open. */
  private static final int MAX_CONNECTIONS = 4_096;

  private static final int MAX_QUEUED = 16_384;
  private static final int MAX_HEAD_BYTES = 128 * 1024;
  private static final int BUFFER_BYTES = 16 * 1024;

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
        new BmcClients.ByteExactClient(
            new BmcTransport(connector, POOL_IDLE_MILLIS, new Replay(() -> {})));
    client.setExecutor(executor);
    client.setConnectTimeout(connectTimeout.toMillis());
    client.setIdleTimeout(POOL_IDLE_MILLIS);
    client.setDestinationIdleTimeout(DESTINATION_IDLE_MILLIS);
    client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
    client.setMaxRequestsQueuedPerDestination(MAX_QUEUED);
    client.setRequestBufferSize(BUFFER_BYTES);
    client.setResponseBufferSize(BUFFER_BYTES);
    client.setMaxRequestHeadersSize(MAX_HEAD_BYTES);
    client.setMaxResponseHeadersSize(MAX_HEAD_BYTES);
    client.setFollowRedirects(false);
    // Must not store cookies, otherwise cookies of different browsers would mix.
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    client.setDefaultRequestContentType(null);
    return client;
  }
}
