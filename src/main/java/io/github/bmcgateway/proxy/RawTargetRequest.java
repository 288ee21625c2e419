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
  private @Nullable String target;

  RawTargetRequest(HttpClient client, URI uri) {
    super(client, new HttpConversation(), uri);
  }

  /** Sets path and query as they go out. */
  @Override
  public Request path(String raw) {
    target = raw;
    return this;
  }

  @Override
  public String getPath() {
    return target == null ? super.getPath() : target;
  }

  @Override
  public @Nullable String getQuery() {
    return target == null ? super.getQuery() : null;
  }
}
