package io.github.bmcgateway.console;

import java.net.URI;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;

/**
 * A request whose target goes out byte for byte. The client's own parses the target as a URI: it
 * takes {@code //x} for an authority, drops {@code #}, and loses what doesn't parse.
 */
final class RawTargetRequest extends HttpRequest {
  private final URI origin;
  private final String target;

  RawTargetRequest(HttpClient client, URI origin, String target) {
    super(client, new HttpConversation(), origin);
    this.origin = origin;
    this.target = target;
  }

  @Override
  public String getPath() {
    return target;
  }

  @Override
  @SuppressWarnings("NullAway") // The client's word for "no query"; it is part of the path here.
  public String getQuery() {
    return null;
  }

  @Override
  public URI getURI() {
    return origin;
  }
}
