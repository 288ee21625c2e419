package io.github.bmcgateway.token;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Fetches one https URL. Everything about it is bounded: the whole exchange in time, the answer in
 * length; no redirect is followed. Nimbus' retriever follows redirects and bounds single reads
 * only. Safe for use by several threads.
 */
final class JwkSetFetch implements AutoCloseable {
  private static final int MAX_THREADS = 8;

  private final URI uri;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * Trusts whom the JVM trusts, and checks the host name. Opens no connection yet.
   *
   * @param timeout bounds the whole of each exchange
   */
  JwkSetFetch(URI uri, Duration timeout) {
    this(uri, new SslContextFactory.Client(), timeout);
  }

  /** Trusts whom {@code tls} trusts. */
  JwkSetFetch(URI uri, SslContextFactory.Client tls, Duration timeout) {
    this.uri = uri;
    this.timeout = timeout;
    ClientConnector connector = new ClientConnector();
    connector.setSelectors(1);
    connector.setSslContextFactory(tls);
    client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 0);
    threads.setName("bmc-gateway-jwks");
    threads.setDaemon(true);
    client.setExecutor(threads);
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setConnectTimeout(timeout.toMillis());
    client.setAddressResolutionTimeout(timeout.toMillis());
    client.setUserAgentField(null);
    LifeCycle.start(client);
  }

  /** The body of a 200; fails, within the timeout, with a {@link FetchFailedException}. */
  CompletableFuture<String> get() {
    Request request =
        client
            .newRequest(uri)
            .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .headers(
                headers ->
                    headers
                        .put(HttpHeader.ACCEPT, "application/jwk-set+json, application/json")
                        .remove(HttpHeader.ACCEPT_ENCODING));
    return new CompletableResponseListener(request, JwkSets.MAX_BYTES)
        .send()
        // Jetty forgets an exchange, and its time-out, whose connection is closed that moment.
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (answer, failure) -> {
              if (failure != null) {
                throw new CompletionException(new FetchFailedException(words(failure)));
              }
              return body(answer);
            });
  }

  private static String body(ContentResponse answer) {
    if (answer.getStatus() != 200) {
      throw new CompletionException(
          new FetchFailedException("the answer has status " + answer.getStatus()));
    }
    return new String(answer.getContent(), StandardCharsets.UTF_8);
  }

  /** The failure in words that never hold the URL, which the messages of failures may. */
  private static String words(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return "the server's certificate is not trusted, or the TLS handshake failed";
      }
      if (cause instanceof TimeoutException) {
        return "there was no whole answer in time";
      }
    }
    return "the server can't be reached, or its answer is broken or too long ("
        + failure.getClass().getSimpleName()
        + ")";
  }

  @Override
  public void close() {
    LifeCycle.stop(client);
  }

  /** Nothing usable came back; the message is a half-sentence for a log line. */
  static final class FetchFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FetchFailedException(String message) {
      super(message);
    }
  }
}
