package io.github.bmcgateway.cli;

import io.github.bmcgateway.config.BmcOverride;
import io.github.bmcgateway.config.Durations;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.HostPattern;
import io.github.bmcgateway.config.Overrides;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings in effect, for people, without secrets. */
final class ConfigSummary {
  private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private ConfigSummary() {}

  static List<String> lines(GatewayConfig config) {
    GatewayConfig.Token token = config.token();
    GatewayConfig.Session session = config.session();
    GatewayConfig.Proxy proxy = config.proxy();
    return List.of(
        line("token.key", token.keys().size() + " (not shown)"),
        line("token.jwks", token.jwks().map(String::valueOf).orElse("none")),
        line("token.audience", token.audience().orElse("none")),
        line("token.issuer", token.issuer().orElse("none")),
        line("token.maxLifetime", Durations.format(token.maxLifetime())),
        line("session.cookie", session.cookie()),
        line("session.path", session.path()),
        line(
            "session.publicHosts",
            join("any", session.publicHosts().stream().map(HostPattern::text).toList())),
        line("bmc.networks", join("none", config.bmc().networks().entries())),
        line("bmc.ports", join("profiles", config.bmc().ports().stream().sorted().toList())),
        line("bmc.tls", config.bmc().trust().usual().name().toLowerCase(Locale.ROOT)),
        line("bmc.pins", config.bmc().trust().pins().size()),
        line(
            "bmc.pinStore", config.bmc().trust().pinStore().map(Path::toString).orElse("not used")),
        line("bmc.overrides", join("none", overrides(config.bmc().overrides()))),
        line(
            "gateway.name",
            join(
                "none", config.gateway().relay().names().stream().map(HostPattern::text).toList())),
        line("gateway.upstreams", join("none", config.gateway().relay().upstreams())),
        line("gateway.upstreamCa", text(config.gateway().relay().authorities())),
        line("gateway.proxyPort", config.gateway().relay().port()),
        line("gateway.trustedEdges", join("none", config.gateway().trustedEdges())),
        line("gateway.trustedProxies", join("none", config.gateway().trustedProxies())),
        line("limits.bmcConnections", config.limits().bmcConnections()),
        line("limits.bmcQueue", config.limits().bmcQueue()),
        line("limits.consolesPerSession", config.limits().consoles().perSession()),
        line("limits.consolesPerBmc", config.limits().consoles().perBmc()),
        line("limits.consoles", config.limits().consoles().inAll()),
        line("proxy.spoolMax", size(proxy.spoolMaxBytes())),
        line("proxy.spoolTotal", size(proxy.spoolTotalBytes())),
        line("proxy.spoolDir", proxy.spoolDir()),
        line("proxy.cacheSize", size(proxy.cacheBytes())),
        line("proxy.connectTimeout", Durations.format(proxy.connectTimeout())),
        line("proxy.answerTimeout", Durations.format(proxy.answerTimeout())),
        line("shutdown.drain", Durations.format(config.shutdown().drain())),
        line("admin.key", config.admin().key().map(key -> "set (not shown)").orElse("none")),
        line("revocation.file", text(config.admin().revocations())),
        line("ops.metricsAllow", join("none", config.ops().metricsAllow())),
        line("ops.auditLog", config.ops().auditLog().map(Path::toString).orElse("log")));
  }

  private static List<String> overrides(Overrides overrides) {
    return overrides.entries().stream().map(ConfigSummary::override).toList();
  }

  private static String override(BmcOverride entry) {
    return entry.network()
        + " ("
        + Stream.of(
                entry.vendor().map(value -> "vendor " + value),
                entry.host().map(value -> "host " + value),
                entry.consolePort().map(value -> "console port " + value),
                entry.requests().map(value -> value + " requests"),
                entry.tls().map(value -> "TLS " + value.name().toLowerCase(Locale.ROOT)),
                entry.trust().map(value -> "trust " + value.name().toLowerCase(Locale.ROOT)))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("; "))
        + ")";
  }

  private static String text(Optional<Path> file) {
    return file.map(Path::toString).orElse("none");
  }

  private static String line(String key, Object value) {
    return "%-22s  %s".formatted(key, value);
  }

  private static String join(String none, Collection<?> entries) {
    return entries.isEmpty()
        ? none
        : entries.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String size(long bytes) {
    int unit = 0;
    long count = bytes;
    while (count > 0 && count % 1024 == 0 && unit < SIZE_UNITS.length - 1) {
      count /= 1024;
      unit++;
    }
    return count + " " + SIZE_UNITS[unit];
  }
}
