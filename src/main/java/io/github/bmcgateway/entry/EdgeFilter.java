package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Cidr;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Turns what a pmproxy edge sends into the request that the browser sent to the edge; requests of
 * anybody else go on as they are. An edge is believed about the browser and about where a request
 * goes, but opens nothing: that is up to the token. What it sent that can't be understood goes on
 * too, marked, so that it is refused, and written down, like any other bad request.
 *
 * <p>Stands ahead of everything. Safe for use by several threads.
 */
final class EdgeFilter implements Filter {
  private static final String TARGET = EdgeTarget.class.getName();
  private static final String UNCLEAR = EdgeFilter.class.getName() + ".unclear";
  private static final String USUAL_PORT = "443";

  private final List<Cidr> edges;
  private final ReservedPaths paths;

  EdgeFilter(List<Cidr> edges, ReservedPaths paths) {
    this.edges = List.copyOf(edges);
    this.paths = paths;
  }

  /** Where an edge says that the request goes, if it comes from one. */
  static Optional<EdgeTarget> target(ServletRequest request) {
    return request.getAttribute(TARGET) instanceof EdgeTarget target
        ? Optional.of(target)
        : Optional.empty();
  }

  /**
   * Whether it comes from an edge that doesn't say where it goes, or not in a way that is clear.
   */
  static boolean isUnclear(ServletRequest request) {
    return request.getAttribute(UNCLEAR) != null;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http && isEdge(http)) {
      chain.doFilter(fromEdge(http), response);
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean isEdge(HttpServletRequest request) {
    return !edges.isEmpty()
        && ClientAddress.peer(request.getRemoteAddr())
            .filter(peer -> edges.stream().anyMatch(edge -> edge.contains(peer)))
            .isPresent();
  }

  private HttpServletRequest fromEdge(HttpServletRequest request) {
    String path = Optional.ofNullable(request.getRequestURI()).orElse("");
    Optional<? extends HttpServletRequest> understood =
        paths.isSocketPath(path) ? socket(request) : page(request);
    if (understood.isEmpty()) {
      request.setAttribute(UNCLEAR, UNCLEAR);
      return request;
    }
    return understood.get();
  }

  private static Optional<EdgePage> page(HttpServletRequest request) {
    List<String> hosts = Browsers.values(request, "X-PM-Host");
    List<String> ports = Browsers.values(request, "X-PM-Port");
    if (hosts.size() != 1 || ports.size() > 1) {
      return Optional.empty();
    }
    String port = ports.isEmpty() ? USUAL_PORT : ports.get(0).trim();
    Optional<EdgeTarget> target = EdgeTarget.parse(hosts.get(0).trim(), port);
    target.ifPresent(to -> request.setAttribute(TARGET, to));
    return target.map(to -> new EdgePage(request));
  }

  private static Optional<EdgeSocket> socket(HttpServletRequest request) {
    Optional<EdgeSocketTarget> target =
        EdgeSocketTarget.parse(request.getRequestURI(), request.getQueryString());
    if (target.isEmpty() || !Browsers.isUpgrade(request)) {
      return Optional.empty();
    }
    Optional<EdgeSocket> socket =
        EdgeHeaders.parse(target.get().headers())
            .filter(EdgeSocket::namesItsHost)
            .map(headers -> new EdgeSocket(request, target.get(), headers));
    socket.ifPresent(understood -> understood.attach(TARGET, target.get().bmc()));
    return socket;
  }
}
