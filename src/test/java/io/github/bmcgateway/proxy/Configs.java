package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Networks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Configurations of the proxy's tests. */
public final class Configs {
  private Configs() {}

  public static GatewayConfig of(
      GatewayConfig.Limits limits, Path spoolDir, long spoolMax, Duration answerTimeout) {
    return new GatewayConfig(
        new GatewayConfig.Token(List.of(), Optional.empty(), Duration.ofHours(24)),
        new GatewayConfig.Session("pm-session", "/gpsession", List.of()),
        new GatewayConfig.Bmc(new Networks(List.of()), Set.of()),
        new GatewayConfig.Gateway(List.of()),
        limits,
        new GatewayConfig.Proxy(
            spoolMax, spoolMax * 3 / 2, spoolDir, 64L << 20, Duration.ofSeconds(2), answerTimeout),
        new GatewayConfig.Shutdown(Duration.ZERO),
        new GatewayConfig.Admin(Optional.empty(), Optional.empty()),
        new GatewayConfig.Ops(Optional.empty()));
  }
}
