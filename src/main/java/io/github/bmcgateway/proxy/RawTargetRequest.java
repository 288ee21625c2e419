package io.github.bmcgateway.proxy;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request whose target goes out byte for byte. Jetty's own parses what {@link #path(String)} is
 * given as a URI, takes the first segment of {@code //a/b} for a host, and so loses it; pages of
 * BMCs send such targets, and others that are no URI at all ({@code [}, {@code |}).
 */
final class RawTargetRequest extends HttpRequest {
  private @Nullable String path;
  private @Nullable String query;
  private boolean second;
  private volatile @Nullable RawTargetRequest successor;

  RawTargetRequest(HttpClient client, URI uri) {
    this(client, new HttpConversation(), uri);
  }

  private RawTargetRequest(HttpClient client, HttpConversation conversation, URI uri) {
    super(client, conversation, uri);
  }

  /**
   * The same request once more, for the same listeners. From now on it is what is aborted in the
   * place of this one.
   */
  RawTargetRequest again() {
    RawTargetRequest again = (RawTargetRequest) copy(null);
    again.headers(headers -> headers.clear().add(getHeaders()));
    getAttributes().forEach(again::attribute);
    // A time limit that begins when the request is out may wait for it.
    again.onRequestSuccess(sent -> notifySuccess());
    successor = again;
    return again;
  }

  /** Whether it takes the place of one that came to nothing. */
  boolean isSecond() {
    return second;
  }

  @Override
  protected HttpRequest copyInstance(URI uri) {
    RawTargetRequest copy = new RawTargetRequest(getHttpClient(), getConversation(), uri);
    copy.path = path;
    copy.query = query;
    copy.second = true;
    return copy;
  }

  @Override
  public CompletableFuture<Boolean> abort(Throwable cause) {
    RawTargetRequest now = successor;
    if (now != null) {
      return now.abort(cause);
    }
    CompletableFuture<Boolean> aborted = super.abort(cause);
    // It may be sent again just now, by who hasn't seen that yet.
    RawTargetRequest later = successor;
    return later == null ? aborted : later.abort(cause);
  }

  @Override
  protected HttpClient getHttpClient() {
    return super.getHttpClient();
  }

  /** Sets path and query as they go out. */
  @Override
  public Request path(String raw) {
    // Apart, because Jetty canonicalises what it takes for a path and fails on a query's lone "%".
    int mark = raw.indexOf('?');
    path = mark < 0 ? raw : raw.substring(0, mark);
    query = mark < 0 ? null : raw.substring(mark + 1);
    return this;
  }

  @Override
  public String getPath() {
    return path == null ? super.getPath() : path;
  }

  @Override
  public @Nullable String getQuery() {
    return path == null ? super.getQuery() : query;
  }
}
