package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.target.VendorDetection;
import io.github.bmcgateway.token.TokenKeys;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Everything that stands on one state of the settings and meets a request. It is replaced as a
 * whole; a request keeps the one that it came in under to its end, so that it never sees two states
 * mixed. Immutable; safe for use by several threads.
 *
 * @param config the settings
 * @param keys the keys of {@code config.token()}
 * @param detection finds vendors by the profiles that go with the settings
 * @param entrance the filters ahead of everything, in their order
 */
record Serving(
    GatewayConfig config, TokenKeys keys, VendorDetection detection, List<Filter> entrance) {
  private static final String ATTRIBUTE = Serving.class.getName();

  /** The one that the request came in under. */
  static Serving of(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Serving serving) {
      return serving;
    }
    throw new IllegalStateException("The request didn't come in by the entrance");
  }

  /** Lets a request in that has just come, through the entrance. */
  void let(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    request.setAttribute(ATTRIBUTE, this);
    let(request, response, chain, 0);
  }

  private void let(ServletRequest request, ServletResponse response, FilterChain chain, int next)
      throws IOException, ServletException {
    if (next == entrance.size()) {
      chain.doFilter(request, response);
    } else {
      entrance
          .get(next)
          .doFilter(request, response, (to, answer) -> let(to, answer, chain, next + 1));
    }
  }
}
