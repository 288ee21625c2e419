package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.BmcTrust;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.config.Overrides;
import io.github.bmcgateway.proxy.tls.BmcConnector;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.Budget;
import io.github.bmcgateway.target.CertificateWatch;
import io.github.bmcgateway.target.PinAlarm;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ProcessorUtils;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Makes the HTTP client through which every connection to a BMC goes, for pages and for consoles:
 * HTTP/1.1 over TLS, a small pool for each BMC, a guard that stands before every dial, and a check
 * of the certificate before every first request.
 */
public final class BmcClients {
  /** For how long a connection is kept open to a BMC of which nothing is known. */
  private static final long POOL_IDLE_MILLIS = 30_000;

  /** Longest silence in an exchange that sets no bound of its own. */
  private static final long EXCHANGE_IDLE_MILLIS = 50_000;

  /** More than anything in front of the client lets in for one BMC. */
  private static final int MAX_QUEUED = 1024;

  /** Sockets leave the pool once they are open; until then so many are dialled at a time. */
  private static final int MAX_HANDSHAKES = 2;

  private static final int MAX_HEAD_BYTES = 64 * 1024;

  private BmcClients() {}

  /** A client whose certificate alarms go to the log only. */
  public static HttpClient create(
      Supplier<GatewayConfig> config, BiPredicate<InetAddress, Integer> guard, Executor executor) {
    return create(
        config, guard, executor, (bmc, known, shown) -> {}, () -> {}, CertificateWatch.NONE);
  }

  /**
   * A client that isn't started yet; its owner starts and stops it.
   *
   * @param config the settings that hold now; pools that are opened later take their size from
   *     them, while how BMCs are recognised stays as it is until {@link #prepare}
   * @param guard whether an address and port may be dialled
   * @param executor runs the client's callbacks; owned by the caller
   * @param alarm is told of BMCs that aren't known by the certificate that they show
   * @param replayed is told of each request that is sent once more
   * @param watch is told what the others show
   */
  public static HttpClient create(
      Supplier<GatewayConfig> config,
      BiPredicate<InetAddress, Integer> guard,
      Executor executor,
      PinAlarm alarm,
      Runnable replayed,
      CertificateWatch watch) {
    BmcConnector connector = new BmcConnector(config.get().bmc(), alarm, watch);
    HttpClient client = create(config, guard, executor, connector, new Replay(replayed));
    connector.watch(client);
    return client;
  }

  /**
   * Makes ready what changed settings say of the TLS and the certificates of BMCs.
   *
   * @param client one of {@link #create}
   * @return puts it in force: for connections that are opened from then on, and those that are kept
   *     open and were made by another rule are not used again; what runs goes on
   * @throws IllegalStateException it can't be; the message says why
   */
  public static Runnable prepare(HttpClient client, GatewayConfig.Bmc config) {
    return client.getContainedBeans(BmcConnector.class).stream()
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Not a client for BMCs"))
        .prepare(config);
  }

  /**
   * A client that isn't started yet and takes any certificate; for who asks of a BMC what anybody
   * may know.
   *
   * @param overrides name the BMCs that are legacy
   */
  public static HttpClient unchecked(
      GatewayConfig config,
      BiPredicate<InetAddress, Integer> guard,
      Executor executor,
      Overrides overrides) {
    GatewayConfig.Bmc any =
        new GatewayConfig.Bmc(
            config.bmc().networks(),
            config.bmc().ports(),
            overrides,
            Optional.empty(),
            BmcTrust.NONE);
    return create(
        () -> config,
        guard,
        executor,
        new BmcConnector(any, (bmc, known, shown) -> {}, CertificateWatch.NONE),
        new Replay(() -> {}));
  }

  private static HttpClient create(
      Supplier<GatewayConfig> config,
      BiPredicate<InetAddress, Integer> guard,
      Executor executor,
      ClientConnector connector,
      Replay replay) {
    connector.setSelectors(ProcessorUtils.availableProcessors());
    BmcTransport transport = new BmcTransport(connector, POOL_IDLE_MILLIS, replay);
    // What listens to answers never waits for anything, so it needs no thread beside the one that
    // reads from the network.
    transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
    transport.setConnectionPoolFactory(
        to -> transport.newPool(to, poolSize(to, config.get().limits().bmcConnections())));
    HttpClient client = new ByteExactClient(transport, executor, MAX_HEAD_BYTES);
    client.setSocketAddressResolver(new GuardedResolver(guard));
    client.setConnectTimeout(config.get().proxy().connectTimeout().toMillis());
    client.setIdleTimeout(EXCHANGE_IDLE_MILLIS);
    client.setMaxRequestsQueuedPerDestination(MAX_QUEUED);
    // The JDK decrypts into the heap, and a servlet's answer takes what lies there.
    client.setUseInputDirectByteBuffers(false);
    return client;
  }

  /**
   * Sends a request on a connection of the BMC's pool, which has as many as it bears exchanges. The
   * count of running requests wouldn't do: the client may open one more than it needs, and keep it.
   */
  static Request pooled(Request request, Bmc bmc) {
    return request.tag(Budget.of(bmc));
  }

  private static int poolSize(Destination to, int usual) {
    if ("wss".equals(to.getOrigin().getScheme())) {
      return MAX_HANDSHAKES;
    }
    int requests = BmcTransport.limits(to).requests();
    return requests == 0 ? usual : requests;
  }

  /** Takes address literals only, so that nothing is ever looked up, and asks the guard. */
  private record GuardedResolver(BiPredicate<InetAddress, Integer> guard)
      implements SocketAddressResolver {
    @Override
    public void resolve(
        String host,
        int port,
        Map<String, Object> context,
        Promise<List<InetSocketAddress>> answer) {
      String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      Optional<InetAddress> address = IpAddresses.parse(literal);
      if (address.isPresent() && guard.test(address.get(), port)) {
        answer.succeeded(List.of(new InetSocketAddress(address.get(), port)));
      } else {
        answer.failed(new DialRefusedException());
      }
    }
  }
}
