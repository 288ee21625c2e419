package io.github.bmcgateway.proxy;

import java.net.URI;
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

  RawTargetRequest(HttpClient client, URI uri) {
    super(client, new HttpConversation(), uri);
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
