package io.github.bmcgateway.entry;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way to a BMC, which the container sees without its target from here on; that
 * lies in the {@link io.github.bmcgateway.target.BmcRequest}. Jetty parses the target anew when the
 * request goes asynchronous, takes {@code //a[b} for an authority, and fails.
 */
final class ForwardedRequest extends HttpServletRequestWrapper {
  private final HttpServletResponse response;

  ForwardedRequest(HttpServletRequest request, HttpServletResponse response) {
    super(request);
    this.response = response;
  }

  @Override
  public String getRequestURI() {
    return "/";
  }

  @Override
  public @Nullable String getQueryString() {
    return null;
  }

  @Override
  public AsyncContext startAsync() {
    return startAsync(this, response);
  }
}
