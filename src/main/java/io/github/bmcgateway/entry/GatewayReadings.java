package io.github.bmcgateway.entry;

import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.console.ConsoleFilter;
import io.github.bmcgateway.ops.FileAudit;
import io.github.bmcgateway.ops.Readings;
import io.github.bmcgateway.ops.Reloads;
import io.github.bmcgateway.policy.BmcAdmission;
import io.github.bmcgateway.policy.Nodes;
import io.github.bmcgateway.proxy.BmcProxyServlet;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where the metrics of a gateway read.
 *
 * @param missing what it lacks to be ready
 * @param config the settings in force
 */
record GatewayReadings(
    Supplier<List<String>> missing,
    Supplier<GatewayConfig> config,
    KnownSessions known,
    ConsoleFilter consoleSockets,
    BmcSide bmcSide,
    Reporting reporting,
    BmcProxyServlet servlet)
    implements Readings {

  @Override
  public boolean ready() {
    return missing.get().isEmpty();
  }

  @Override
  public int sessions() {
    return known.live().busy();
  }

  @Override
  public int consoles() {
    return consoleSockets.open();
  }

  @Override
  public int consolesLimit() {
    return config.get().limits().consoles().inAll();
  }

  @Override
  public BmcLoad bmcs() {
    BmcAdmission.Load load = bmcSide.gate().load();
    return new BmcLoad(load.running(), load.waiting(), load.longestQueue(), load.inUse());
  }

  @Override
  public Reloads reloads() {
    return reporting.reloads();
  }

  @Override
  public long auditLinesLost() {
    return reporting.auditFile().map(FileAudit::lostInAll).orElse(0L);
  }

  @Override
  public boolean shares() {
    return known.nodes().map(Nodes::reachable).orElse(true);
  }

  @Override
  public AssetUse assets() {
    AssetCache assets = bmcSide.assets();
    AssetCache.Use use = assets.use();
    return new AssetUse(
        use.bytes(), assets.maxBytes(), use.entries(), use.hits(), use.misses(), use.renewals());
  }

  @Override
  public long spooled() {
    return servlet.spooledBytes();
  }

  @Override
  public long spoolLimit() {
    return config.get().proxy().spoolTotalBytes();
  }
}
