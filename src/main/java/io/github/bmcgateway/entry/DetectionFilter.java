package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorDetection;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Function;

/**
 * Lets no request on to a BMC before its vendor is known: the first one waits, without a thread,
 * until the BMC was asked. When it doesn't answer, the request gets the same failure page as any
 * request to a BMC that doesn't answer.
 *
 * <p>Stands between {@link JwtAuthFilter} and what serves {@link BmcRequest}s; to be mapped to
 * {@code /*} for REQUEST and ASYNC dispatches, with asynchronous support. Safe for use by several
 * threads.
 */
final class DetectionFilter implements Filter {
  private static final String FAILED = DetectionFilter.class.getName() + ".failed";

  private final Function<ServletRequest, VendorDetection> detection;
  private final Function<Throwable, Failure> failures;

  /** The attribute with which a request goes on. */
  private record Resumed(String attribute, Object value) {}

  /**
   * @param detection finds out the profile of a request's BMC
   * @param failures what a failure to do so means
   */
  DetectionFilter(
      Function<ServletRequest, VendorDetection> detection, Function<Throwable, Failure> failures) {
    this.detection = detection;
    this.failures = failures;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getAttribute(FAILED) instanceof Failure failure) {
      FailurePages.send((HttpServletRequest) request, (HttpServletResponse) response, failure);
    } else if (request.getAttribute(BmcRequest.ATTRIBUTE) instanceof BmcRequest to
        && !to.bmc().vendorKnown()
        && to.upstream().isEmpty()) {
      detect(to, detection.apply(request), request.startAsync(request, response));
    } else {
      chain.doFilter(request, response);
    }
  }

  private void detect(BmcRequest to, VendorDetection vendors, AsyncContext async) {
    // The detection has a limit of its own.
    async.setTimeout(0);
    vendors
        .detect(to.bmc())
        .<Resumed>thenApply(vendor -> new Resumed(BmcRequest.ATTRIBUTE, to.of(vendor)))
        .exceptionally(failure -> new Resumed(FAILED, failures.apply(failure)))
        .thenAccept(resumed -> resume(async, resumed));
  }

  private static void resume(AsyncContext async, Resumed with) {
    try {
      async.getRequest().setAttribute(with.attribute(), with.value());
      // Not to its own path: Jetty fails on one like "//". Nothing looks at the path again.
      async.dispatch("/");
    } catch (IllegalStateException gone) {
      // The browser left while the BMC was asked, and the container has ended the request.
    }
  }
}
