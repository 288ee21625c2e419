package io.github.bmcgateway.entry;

import io.github.bmcgateway.console.ConsoleFilter;
import io.github.bmcgateway.ops.ErrorPage;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.proxy.BmcProxyServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/** Everything that a request walks through, in this order. */
final class RequestChain {
  private static final Set<DispatcherType> ARRIVING = Set.of(DispatcherType.REQUEST);
  private static final Set<DispatcherType> RESUMED =
      Set.of(DispatcherType.REQUEST, DispatcherType.ASYNC);

  private RequestChain() {}

  /**
   * Puts it in place.
   *
   * @param entrance lets requests in, each under the {@link Serving} of its time
   */
  static void mount(
      ServletContext context, Filter entrance, ConsoleFilter consoles, BmcProxyServlet pages) {
    Predicate<HttpServletRequest> isUpgrade = ConsoleFilter::isUpgrade;
    add(context, "entrance", entrance, ARRIVING);
    add(context, "early-scope", ScopeFilter.beforeDetection(isUpgrade), ARRIVING);
    add(
        context,
        "vendor",
        new DetectionFilter(request -> Serving.of(request).detection(), BmcFailures::of),
        RESUMED);
    add(context, "scope", ScopeFilter.afterDetection(isUpgrade), RESUMED);
    add(context, "console", consoles, RESUMED);
    ServletRegistration.Dynamic proxy = context.addServlet("bmc", pages);
    proxy.setAsyncSupported(true);
    // Not "/": the containers' own mappings for *.jsp would take such paths of a BMC away.
    proxy.addMapping("/*");
    context.addServlet("failed", new ErrorPage()).addMapping(ErrorPage.PATH);
  }

  private static void add(
      ServletContext context, String name, Filter filter, Set<DispatcherType> dispatches) {
    FilterRegistration.Dynamic registration = context.addFilter(name, filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(
        EnumSet.copyOf(dispatches), /* isMatchAfter= */ true, "/*");
  }
}
