package io.github.bmcgateway.entry;

import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.console.ConsoleFilter;
import io.github.bmcgateway.ops.FileAudit;
import io.github.bmcgateway.ops.Readings;
import io.github.bmcgateway.ops.Reloads;
import io.github.bmcgateway.policy.BmcAdmission;
import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.policy.Nodes;
import io.github.bmcgateway.proxy.BmcProxyServlet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the metrics of a gateway read.
 *
 * @param missing what it lacks to be ready
 * @param config the settings in force
 * @param audit its file, if it goes to one of the gateway's own
 * @param nodes what it shares with others, if anything
 */
record GatewayReadings(
    Supplier<List<String>> missing,
    Supplier<GatewayConfig> config,
    LiveSessions live,
    ConsoleFilter consoleSockets,
    BmcAdmission admission,
    Reloads reloads,
    Optional<FileAudit> audit,
    Optional<Nodes> nodes,
    BmcProxyServlet servlet,
    AssetCache assetCache)
    implements Readings {

  @Override
  public boolean ready() {
    return missing.get().isEmpty();
  }

  @Override
  public int sessions() {
    return live.busy();
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
    BmcAdmission.Load load = admission.load();
    return new BmcLoad(load.running(), load.waiting(), load.longestQueue(), load.inUse());
  }

  @Override
  public long auditLinesLost() {
    return audit.map(FileAudit::lostInAll).orElse(0L);
  }

  @Override
  public boolean shares() {
    return nodes.map(Nodes::reachable).orElse(true);
  }

  @Override
  public AssetUse assets() {
    AssetCache.Use use = assetCache.use();
    return new AssetUse(
        use.bytes(),
        assetCache.maxBytes(),
        use.entries(),
        use.hits(),
        use.misses(),
        use.renewals());
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
