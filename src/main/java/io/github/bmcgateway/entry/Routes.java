package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.target.Authority;
import io.github.bmcgateway.target.Upstream;
import io.github.bmcgateway.token.Grant;
import java.util.Optional;

/**
 * Finds the gateway that serves a token: the one that its {@code upstream} names, if this gateway
 * has a name or knows others; else every token is served here. Immutable; safe for use by several
 * threads.
 */
final class Routes {
  private final GatewayConfig.Relay known;

  Routes(GatewayConfig.Relay known) {
    this.known = known;
  }

  /** Where a token is served. */
  sealed interface Route {
    /** At this gateway. */
    record Here() implements Route {}

    /** At another one. */
    record There(Upstream upstream) implements Route {}

    /** At one to which nothing is relayed from here. */
    record Nowhere() implements Route {}
  }

  Route of(Grant grant) {
    boolean alone = known.names().isEmpty() && known.upstreams().isEmpty();
    if (alone || grant.upstream().isEmpty()) {
      return new Route.Here();
    }
    Optional<String> host =
        grant
            .upstream()
            .flatMap(Authority::parse)
            .filter(upstream -> upstream.port().isEmpty())
            .map(Authority::host);
    return host.map(this::of).orElseGet(Route.Nowhere::new);
  }

  private Route of(String host) {
    if (known.names().stream().anyMatch(name -> name.matches(host))) {
      return new Route.Here();
    }
    return known.upstreams().stream()
        .filter(each -> each.hosts().matches(host))
        .findFirst()
        .<Route>map(each -> new Route.There(new Upstream(host, known.port(), each.protocol())))
        .orElseGet(Route.Nowhere::new);
  }
}
