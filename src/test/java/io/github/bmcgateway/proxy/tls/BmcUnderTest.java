package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.BmcOverride;
import io.github.bmcgateway.config.BmcTrust;
import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Networks;
import io.github.bmcgateway.config.Overrides;
import io.github.bmcgateway.config.TlsProfile;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.proxy.BmcClients;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.proxy.Configs;
import io.github.bmcgateway.target.CertificateWatch;
import io.github.bmcgateway.target.PinAlarm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The client for BMCs with settings of a test's own. */
final class BmcUnderTest implements AutoCloseable {
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private final HttpClient client;

  private BmcUnderTest(BmcTrust trust, Overrides overrides, PinAlarm alarm) {
    GatewayConfig config = config(trust, overrides);
    client =
        BmcClients.create(
            () -> config, (ip, port) -> true, threads, alarm, () -> {}, CertificateWatch.NONE);
    LifeCycle.start(threads);
    LifeCycle.start(client);
  }

  static BmcUnderTest strict() {
    return trusting(BmcTrust.NONE, (bmc, known, shown) -> {});
  }

  static BmcUnderTest legacy() {
    return new BmcUnderTest(BmcTrust.NONE, legacyLoopback(), (bmc, known, shown) -> {});
  }

  /** Where only the BMC at this address is a legacy one. */
  static BmcUnderTest legacyAt(String address) {
    return new BmcUnderTest(
        BmcTrust.NONE, new Overrides(List.of(legacy(address))), (bmc, known, shown) -> {});
  }

  static BmcUnderTest trusting(BmcTrust trust, PinAlarm alarm) {
    return new BmcUnderTest(trust, Overrides.NONE, alarm);
  }

  static BmcUnderTest legacy(BmcTrust trust) {
    return new BmcUnderTest(trust, legacyLoopback(), (bmc, known, shown) -> {});
  }

  private static Overrides legacyLoopback() {
    return new Overrides(List.of(legacy("127.0.0.0/8"), legacy("::1")));
  }

  private static BmcOverride legacy(String network) {
    return new BmcOverride(
        Cidr.parse(network).orElseThrow(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(TlsProfile.LEGACY),
        Optional.empty());
  }

  private static GatewayConfig config(BmcTrust trust, Overrides overrides) {
    GatewayConfig usual =
        Configs.of(new GatewayConfig.Limits(4, 100), Path.of("."), 1, Duration.ofSeconds(5));
    return new GatewayConfig(
        usual.token(),
        usual.session(),
        new GatewayConfig.Bmc(
            new Networks(List.of()), Set.of(), overrides, Optional.empty(), trust),
        usual.gateway(),
        usual.limits(),
        usual.proxy(),
        usual.shutdown(),
        usual.admin(),
        usual.ops());
  }

  /** Puts other settings in force. */
  void change(BmcTrust trust) {
    BmcClients.prepare(client, config(trust, Overrides.NONE).bmc()).run();
  }

  /** Makes every BMC on loopback a legacy one. */
  void makeLegacy(BmcTrust trust) {
    BmcClients.prepare(client, config(trust, legacyLoopback()).bmc()).run();
  }

  /** Asks for a page; how it failed, if it did. */
  Optional<Failure> get(int port) throws Exception {
    return get("https://127.0.0.1:" + port + "/");
  }

  Optional<Failure> get(String url) throws Exception {
    try {
      client.newRequest(url).timeout(10, TimeUnit.SECONDS).send();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(BmcFailures.of(e.getCause()));
    }
  }

  @Override
  public void close() {
    LifeCycle.stop(client);
    LifeCycle.stop(threads);
  }
}
