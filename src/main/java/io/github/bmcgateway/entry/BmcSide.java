package io.github.bmcgateway.entry;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.ops.Metrics;
import io.github.bmcgateway.policy.BmcAdmission;
import io.github.bmcgateway.policy.BmcSessions;
import io.github.bmcgateway.proxy.BmcClients;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.proxy.BmcLogouts;
import io.github.bmcgateway.proxy.GatewayClients;
import io.github.bmcgateway.proxy.RequestRules;
import io.github.bmcgateway.relay.Loops;
import io.github.bmcgateway.relay.Relay;
import io.github.bmcgateway.relay.UpstreamTls;
import io.github.bmcgateway.target.VendorDetection;
import io.github.bmcgateway.target.VendorProfiles;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The gateway's side towards BMCs and other gateways. Safe for use by several threads.
 *
 * @param client through which every connection to a BMC goes
 * @param upstreams the way to other gateways
 * @param gate gives out the places at BMCs
 * @param logins the sessions that browsers have at BMCs
 * @param assets what is kept of BMCs' files
 */
record BmcSide(
    HttpClient client,
    RelayWay upstreams,
    BmcAdmission gate,
    BmcSessions logins,
    AssetCache assets) {
  /** How long a shutdown waits for the logouts at BMCs. */
  private static final Duration LOGOUTS = Duration.ofSeconds(2);

  /**
   * Connects to nothing yet.
   *
   * @param loops finds requests that this gateway has relayed already; asked for each
   * @param metrics is told of alarms and retries
   * @param threads run what comes from outside; owned by the caller
   * @param scheduler ends waiting; owned by the caller
   */
  static BmcSide open(
      RulesInForce rules,
      Supplier<Loops> loops,
      Metrics metrics,
      QueuedThreadPool threads,
      ScheduledExecutorService scheduler) {
    GatewayConfig config = rules.config();
    AssetCache assets = new AssetCache(config.proxy().cacheBytes(), Ticker.systemTicker());
    HttpClient client =
        BmcClients.create(
            rules::config,
            rules::allows,
            threads,
            (bmc, known, shown) -> metrics.pinAlarm(),
            metrics::bmcRetried,
            assets);
    BmcAdmission gate = new BmcAdmission(rules::bounds, scheduler, threads);
    return new BmcSide(
        client,
        upstreams(config, loops, threads),
        gate,
        new BmcSessions(new BmcLogouts(client, gate), Ticker.systemTicker()),
        assets);
  }

  private static RelayWay upstreams(
      GatewayConfig config, Supplier<Loops> loops, QueuedThreadPool threads) {
    return new RelayWay(
        GatewayClients.create(
            UpstreamTls.by(config.gateway().relay().authorities()),
            threads,
            config.proxy().connectTimeout()),
        new Relay(RequestRules::goesOn, BmcFailures::of, loops, config.session().cookie()));
  }

  void start() {
    LifeCycle.start(client);
    LifeCycle.start(upstreams.client());
  }

  /** Finds vendors by these profiles. */
  VendorDetection detection(VendorProfiles profiles) {
    return new VendorDetection(client, gate, profiles, Ticker.systemTicker());
  }

  /** Takes up what doesn't ask for its settings each time. */
  void take(GatewayConfig.Proxy config) {
    long connectMillis = config.connectTimeout().toMillis();
    client.setConnectTimeout(connectMillis);
    assets.resize(config.cacheBytes());
    upstreams.client().setConnectTimeout(connectMillis);
  }

  /** Waits for the logouts at BMCs that are on their way, but not for long. */
  void finishLogouts() {
    logins.awaitSent(LOGOUTS);
  }

  void stop() {
    LifeCycle.stop(client);
    LifeCycle.stop(upstreams.client());
  }
}
