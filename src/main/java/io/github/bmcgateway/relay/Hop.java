package io.github.bmcgateway.relay;

import io.github.bmcgateway.target.Upstream;
import jakarta.servlet.ServletRequest;
import java.util.Optional;

/**
 * What goes along with a request that is relayed. Travels as an attribute of the request.
 *
 * @param upstream the gateway that it goes to
 * @param client the browser's address
 * @param request the request's identifier in the audit
 * @param token the token of its session
 */
public record Hop(Upstream upstream, String client, String request, String token) {
  private static final String ATTRIBUTE = Hop.class.getName();

  /** Lets the relay find it. */
  public void attachTo(ServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  static Hop of(ServletRequest request) {
    return Optional.ofNullable(request.getAttribute(ATTRIBUTE))
        .filter(Hop.class::isInstance)
        .map(Hop.class::cast)
        .orElseThrow(() -> new IllegalStateException("The request isn't one to be relayed"));
  }

  @Override
  public String toString() {
    return "Hop[" + upstream + ", " + client + ", " + request + "]";
  }
}
