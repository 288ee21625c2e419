package io.github.bmcgateway.testing;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** An HTTP/2 client that takes any certificate and keeps nothing. */
public final class Http2Client implements AutoCloseable {
  private final HttpClient client;

  private Http2Client(HttpClient client) {
    this.client = client;
  }

  public static Http2Client start() throws Exception {
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(new SslContextFactory.Client(/* trustAll= */ true));
    HttpClient client =
        new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client(connector)));
    client.setFollowRedirects(false);
    client.start();
    return new Http2Client(client);
  }

  public HttpClient http() {
    return client;
  }

  @Override
  public void close() throws Exception {
    client.stop();
  }
}
