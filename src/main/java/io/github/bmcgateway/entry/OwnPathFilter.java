package io.github.bmcgateway.entry;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers one of the gateway's own paths; everything else passes. For paths that need no session,
 * and so stand ahead of {@link JwtAuthFilter}.
 */
abstract class OwnPathFilter implements Filter {
  private final String path;

  /**
   * @param name what follows {@link ReservedPaths#OWN_PREFIX}
   */
  OwnPathFilter(String name) {
    path = ReservedPaths.OWN_PREFIX + name;
  }

  /** Answers a request for the path, by whatever method and from whomever. */
  abstract void answer(HttpServletRequest request, HttpServletResponse response) throws IOException;

  @Override
  public final void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse to
        && path.equals(http.getRequestURI())
        && http.getContextPath().isEmpty()) {
      answer(http, to);
    } else {
      chain.doFilter(request, response);
    }
  }
}
