package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.BmcRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;

/**
 * Makes the request that a browser's becomes, to its BMC or to the gateway that its session is
 * relayed to. Immutable; safe for use by several threads.
 */
final class Outbound {
  private final BmcWay bmcs;
  private final Optional<Destination> upstreams;
  private final Function<HttpServletRequest, GatewayConfig.Proxy> config;

  /**
   * @param upstreams the way to other gateways; without it no request may be for one
   * @param config the settings that hold for a request
   */
  Outbound(
      BmcWay bmcs,
      Optional<Destination> upstreams,
      Function<HttpServletRequest, GatewayConfig.Proxy> config) {
    this.bmcs = bmcs;
    this.upstreams = upstreams;
    this.config = config;
  }

  /** Scheme, host and port. */
  String origin(BmcRequest to) {
    return way(to).origin(to);
  }

  /** What a failure on the way means. */
  Failure failure(BmcRequest to, Throwable thrown) {
    return way(to).failure(thrown);
  }

  /** A request with neither headers nor a body yet. */
  Request request(HttpServletRequest browser, BmcRequest to, String origin) {
    Destination way = way(to);
    Duration timeout = way.answerTimeout(usualTimeout(browser, to));
    Request request =
        way.client()
            .newRequest(origin)
            .method(browser.getMethod())
            .path(to.target())
            .idleTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    HeadDeadline.set(request, bmcs.client().getScheduler(), timeout);
    return to.upstream().isPresent() ? request : BmcClients.pooled(request, to.bmc());
  }

  /** Gives the request the headers of the browser's that go on. */
  void addHeaders(HttpServletRequest browser, BmcRequest to, Request request) {
    HttpFields fields = way(to).headers(browser, to);
    request.headers(headers -> headers.clear().add(fields));
    if (HttpMethod.HEAD.is(browser.getMethod())) {
      // Some web servers send a body nevertheless, which would be the next request's answer.
      request.headers(headers -> headers.put(HttpHeader.CONNECTION, "close"));
    }
  }

  private Destination way(BmcRequest to) {
    return to.upstream().isPresent() ? upstreams.orElseThrow() : bmcs;
  }

  private Duration usualTimeout(HttpServletRequest browser, BmcRequest to) {
    int seconds = to.bmc().profile().answerSeconds();
    return seconds == 0 ? config.apply(browser).answerTimeout() : Duration.ofSeconds(seconds);
  }
}
