package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.Metrics;
import io.github.bmcgateway.ops.OwnAnswers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Answers who may read the metrics. A scrape has no session, and asks for an address that need not
 * be a public host. Immutable; safe for use by several threads.
 */
final class MetricsFilter extends OwnPathFilter {
  private static final Set<String> FORWARDING =
      Set.of("forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-host");
  private static final List<String> FORWARDING_PREFIXES =
      List.of("x-forwarded", "x-original-", "x-pm-", "cf-", "cdn-", "true-client-");

  private final Metrics metrics;
  private final List<Cidr> allowed;
  private final List<Cidr> trustedProxies;
  private final ClientAddress clients;
  private final PublicOrigins origins;

  MetricsFilter(Metrics metrics, GatewayConfig config) {
    super("metrics");
    this.metrics = metrics;
    allowed = config.ops().metricsAllow();
    trustedProxies = config.gateway().trustedProxies();
    clients = new ClientAddress(trustedProxies);
    origins = new PublicOrigins(trustedProxies);
  }

  @Override
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!permits(request)) {
      FailurePages.send(request, response, Failure.NOT_ALLOWED);
    } else if (!Browsers.isRead(request)) {
      FailurePages.methodNotAllowed(request, response, "GET, HEAD");
    } else {
      OwnAnswers.text(response, Metrics.CONTENT_TYPE, metrics.scrape());
    }
  }

  /** Whether the request is from who it seems to be from, and he may read. */
  boolean permits(HttpServletRequest request) {
    Optional<InetAddress> client = ClientAddress.peer(clients.of(request));
    return client.filter(from -> isIn(allowed, from)).isPresent()
        && isDirect(request, client.get())
        && !isFromPage(request)
        && isByAddress(request);
  }

  /**
   * Whether nobody stands between, or a trusted proxy that tells for whom: what anybody's proxy on
   * this machine passes on comes from loopback, too.
   */
  private boolean isDirect(HttpServletRequest request, InetAddress client) {
    if (Collections.list(request.getHeaderNames()).stream()
        .noneMatch(MetricsFilter::isForwarding)) {
      return true;
    }
    Optional<InetAddress> peer = ClientAddress.peer(request.getRemoteAddr());
    return peer.filter(from -> isIn(trustedProxies, from)).isPresent()
        && !isIn(trustedProxies, client);
  }

  private static boolean isForwarding(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return FORWARDING.contains(name) || FORWARDING_PREFIXES.stream().anyMatch(name::startsWith);
  }

  /** A BMC's page has the gateway's own origin; a person who opens the URL has none. */
  private static boolean isFromPage(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return request.getHeader("Origin") != null || (site != null && !site.equals("none"));
  }

  /** A name may be anybody's that leads here (DNS rebinding). */
  private boolean isByAddress(HttpServletRequest request) {
    return isAddress(request.getServerName())
        && origins.of(request).filter(origin -> isAddress(origin.host())).isPresent();
  }

  private static boolean isAddress(String host) {
    return host.equalsIgnoreCase("localhost")
        || IpAddresses.parse(host.replaceAll("^\\[|\\]$", "")).isPresent();
  }

  private static boolean isIn(List<Cidr> networks, InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }
}
