package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.policy.Scope;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.ScopedAction;
import io.github.bmcgateway.target.Upstream;
import io.github.bmcgateway.token.Grant;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Lets no request on to a BMC that the session's scope doesn't permit. Stands twice behind {@link
 * JwtAuthFilter}: before the vendor is asked for, where it refuses what the vendor has no say in,
 * and after, where it decides. To be mapped to {@code /*}, the second one for REQUEST and ASYNC
 * dispatches. Safe for use by several threads.
 */
final class ScopeFilter implements Filter {
  /** Name of the request attribute that holds the {@link Grant} of a {@link BmcRequest}. */
  static final String GRANT = Grant.class.getName();

  private final Predicate<HttpServletRequest> isUpgrade;
  private final boolean vendorIsKnown;

  private ScopeFilter(Predicate<HttpServletRequest> isUpgrade, boolean vendorIsKnown) {
    this.isUpgrade = isUpgrade;
    this.vendorIsKnown = vendorIsKnown;
  }

  /**
   * @param isUpgrade whether what serves the request takes it for a WebSocket upgrade
   */
  static ScopeFilter beforeDetection(Predicate<HttpServletRequest> isUpgrade) {
    return new ScopeFilter(isUpgrade, /* vendorIsKnown= */ false);
  }

  /**
   * @param isUpgrade whether what serves the request takes it for a WebSocket upgrade
   */
  static ScopeFilter afterDetection(Predicate<HttpServletRequest> isUpgrade) {
    return new ScopeFilter(isUpgrade, /* vendorIsKnown= */ true);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Optional<Failure> refusal = refusal((HttpServletRequest) request);
    if (refusal.isPresent()) {
      FailurePages.send(
          (HttpServletRequest) request, (HttpServletResponse) response, refusal.get());
    } else {
      chain.doFilter(request, response);
    }
  }

  private Optional<Failure> refusal(HttpServletRequest request) {
    if (!(request.getAttribute(BmcRequest.ATTRIBUTE) instanceof BmcRequest to)
        || !(request.getAttribute(GRANT) instanceof Grant grant)) {
      return Optional.of(Failure.NO_SESSION);
    }
    // A gateway of this kind sees to the scope by itself, and knows the vendor that it hangs on.
    if (grant.scope().isEmpty() || to.upstream().filter(Upstream::isNative).isPresent()) {
      return Optional.empty();
    }
    Scope scope = grant.scope().get();
    Optional<ScopedAction> action = action(request, to);
    if (action.isEmpty()) {
      return Optional.of(Failure.BAD_REQUEST);
    }
    return isPermitted(scope, action.get(), to.bmc())
        ? Optional.empty()
        : Optional.of(Failure.SCOPE_DENIED);
  }

  private boolean isPermitted(Scope scope, ScopedAction action, Bmc bmc) {
    if (bmc.vendorKnown()) {
      return scope.permits(action, bmc.profile().scopes());
    }
    boolean waits = !vendorIsKnown && !scope.names().isEmpty();
    return waits || scope.permits(action, Map.of());
  }

  private Optional<ScopedAction> action(HttpServletRequest request, BmcRequest to) {
    int query = to.target().indexOf('?');
    String path = query < 0 ? to.target() : to.target().substring(0, query);
    return isUpgrade.test(request)
        ? ScopedAction.upgrade(path)
        : ScopedAction.request(request.getMethod(), path);
  }
}
