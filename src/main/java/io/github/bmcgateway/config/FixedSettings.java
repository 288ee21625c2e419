package io.github.bmcgateway.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The settings that stay as they were at the start, whatever {@code gateway.yaml} says later: what
 * browsers and links hold on to, and files that are kept open. Of the others, a change takes effect
 * while the gateway runs.
 */
public final class FixedSettings {
  private static final Map<Setting, Function<GatewayConfig, Object>> VALUES =
      new EnumMap<>(
          Map.of(
              // The BMC would be sent the cookie of the old name, with the token in it.
              Setting.SESSION_COOKIE, config -> config.session().cookie(),
              Setting.SESSION_PATH, config -> config.session().path(),
              Setting.UPSTREAM_CA, config -> config.gateway().relay().authorities(),
              Setting.SHARED_REDIS, config -> config.gateway().shared(),
              Setting.REVOCATION_FILE, config -> config.admin().revocations(),
              Setting.OPS_AUDIT_LOG, config -> config.ops().auditLog()));

  private FixedSettings() {}

  static Set<Setting> all() {
    return VALUES.keySet();
  }

  /** The keys of those whose value would change if the gateway were started anew. */
  public static List<String> changed(GatewayConfig started, GatewayConfig loaded) {
    return VALUES.entrySet().stream()
        .filter(each -> !each.getValue().apply(started).equals(each.getValue().apply(loaded)))
        .map(each -> each.getKey().label())
        .toList();
  }

  private static GatewayConfig.Gateway gateway(
      GatewayConfig.Gateway running, GatewayConfig.Gateway loaded) {
    GatewayConfig.Relay relay = loaded.relay();
    return new GatewayConfig.Gateway(
        loaded.trustedProxies(),
        loaded.trustedEdges(),
        new GatewayConfig.Relay(
            relay.names(), relay.upstreams(), relay.port(), running.relay().authorities()),
        running.shared());
  }

  /** The loaded settings, but of these the values of the running gateway. */
  public static GatewayConfig keep(GatewayConfig running, GatewayConfig loaded) {
    return new GatewayConfig(
        loaded.token(),
        new GatewayConfig.Session(
            running.session().cookie(), running.session().path(), loaded.session().publicHosts()),
        loaded.bmc(),
        gateway(running.gateway(), loaded.gateway()),
        loaded.limits(),
        loaded.proxy(),
        loaded.shutdown(),
        new GatewayConfig.Admin(loaded.admin().key(), running.admin().revocations()),
        new GatewayConfig.Ops(running.ops().auditLog(), loaded.ops().metricsAllow()));
  }
}
