package io.github.bmcgateway.proxy;

import java.net.URI;
import java.util.concurrent.Executor;
import org.eclipse.jetty.client.ContinueProtocolHandler;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProtocolHandlers;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.UpgradeProtocolHandler;
import org.eclipse.jetty.http.HttpCookieStore;

/**
 * Sends targets and headers byte for byte and adds none of its own, remembers nothing between two
 * exchanges, and hands every answer on as it comes.
 */
@SuppressWarnings("try") // HttpClient.close() is Jetty's, and its owner calls stop().
final class ByteExactClient extends HttpClient {
  private static final long DESTINATION_IDLE_MILLIS = 60_000;
  private static final int BUFFER_BYTES = 16 * 1024;

  /**
   * A client that isn't started yet; its owner starts and stops it.
   *
   * @param executor runs its callbacks; owned by the caller
   * @param maxHeadBytes the longest head of a request, and of an answer
   */
  ByteExactClient(BmcTransport transport, Executor executor, int maxHeadBytes) {
    super(transport);
    setExecutor(executor);
    setDestinationIdleTimeout(DESTINATION_IDLE_MILLIS);
    setRequestBufferSize(BUFFER_BYTES);
    setResponseBufferSize(BUFFER_BYTES);
    setMaxRequestHeadersSize(maxHeadBytes);
    setMaxResponseHeadersSize(maxHeadBytes);
    setFollowRedirects(false);
    // Must not store cookies, otherwise cookies of different browsers would mix.
    setHttpCookieStore(new HttpCookieStore.Empty());
    setUserAgentField(null);
    setDefaultRequestContentType(null);
  }

  @Override
  public Request newRequest(URI uri) {
    return new RawTargetRequest(this, uri);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    // Content is relayed as it comes, so it must not be decoded on the way.
    getContentDecoderFactories().clear();
    // Answers are relayed as they come; only what isn't an answer yet is dealt with here.
    ProtocolHandlers handlers = getProtocolHandlers();
    handlers.clear();
    handlers.put(new ContinueProtocolHandler());
    InterimAnswers.handlers().forEach(handlers::put);
    handlers.put(new UpgradeProtocolHandler());
  }
}
