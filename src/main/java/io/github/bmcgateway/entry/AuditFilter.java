package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Audit;
import io.github.bmcgateway.ops.AuditLine.Text;
import io.github.bmcgateway.ops.Metrics;
import io.github.bmcgateway.ops.RequestAudit;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Stands ahead of everything and tells audit and metrics of each request when it is over, whoever
 * has answered it. To be mapped to {@code /*} for REQUEST dispatches, with asynchronous support.
 * Safe for use by several threads.
 */
final class AuditFilter implements Filter {
  private static final Pattern PARAMETERS = Pattern.compile("[?#].*|;[^/?#]*");

  private final Audit audit;
  private final Metrics metrics;
  private final ClientAddress clients;

  AuditFilter(Audit audit, Metrics metrics, ClientAddress clients) {
    this.audit = audit;
    this.metrics = metrics;
    this.clients = clients;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse to) {
      RequestAudit trail = begin(http);
      try {
        chain.doFilter(request, response);
      } finally {
        if (request.isAsyncStarted()) {
          request.getAsyncContext().addListener(new Ending(trail, to));
        } else {
          trail.over(to.getStatus());
        }
      }
    } else {
      chain.doFilter(request, response);
    }
  }

  private RequestAudit begin(HttpServletRequest request) {
    RequestAudit trail =
        new RequestAudit(audit, metrics, System::nanoTime)
            .know(Text.CLIENT, clients.of(request))
            .know(Text.METHOD, request.getMethod())
            .know(Text.PATH, path(request));
    clients.requestId(request).ifPresent(id -> trail.know(Text.REQUEST, id));
    trail.attachTo(request);
    return trail;
  }

  /** Without path parameters: some web servers carry session keys in them. */
  private static String path(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path == null ? "" : PARAMETERS.matcher(path).replaceAll("");
  }

  private record Ending(RequestAudit trail, HttpServletResponse response) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      trail.over(response.getStatus());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // The container forgets its listeners when the request starts again.
      event.getAsyncContext().addListener(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {
      trail.browserLeft();
      if (response.isCommitted()) {
        // Jetty breaks it off now, and doesn't tell that it is over.
        trail.over(response.getStatus());
      }
    }
  }
}
