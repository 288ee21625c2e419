package io.github.bmcgateway.proxy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.policy.BmcAdmission;
import io.github.bmcgateway.policy.BmcSessions;
import io.github.bmcgateway.policy.FailedLogins;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.LiveSession;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.JettyFront;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The proxy servlet in a real container, with a grant for one BMC in front instead of a token. */
final class ProxyFixture implements AutoCloseable {
  static final long SPOOL_MAX = 100_000;

  /** Long enough for a slow machine not to reach it. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a BMC may take to answer where a test waits for a time-out. */
  private static final Duration QUICK = Duration.ofSeconds(2);

  final Path spoolDir;
  final HttpClient client;
  final Session session = new Session();
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final JettyFront front;

  /** In front of one BMC, which has to answer quickly. */
  ProxyFixture(BmcAddress bmc, String vendor) throws Exception {
    this(at(bmc, vendor), new AssetCache(0, Ticker.systemTicker()), QUICK, List.of());
  }

  /** In front of several BMCs, and with a cache. */
  ProxyFixture(Function<HttpServletRequest, Bmc> target, AssetCache cache) throws Exception {
    this(target, cache, PATIENCE, List.of());
  }

  /** The same, in a container that is as the filters make it. */
  ProxyFixture(Function<HttpServletRequest, Bmc> target, AssetCache cache, List<Filter> ahead)
      throws Exception {
    this(target, cache, PATIENCE, ahead);
  }

  private ProxyFixture(
      Function<HttpServletRequest, Bmc> target,
      AssetCache cache,
      Duration answerTimeout,
      List<Filter> ahead)
      throws Exception {
    spoolDir = Files.createTempDirectory("spool");
    GatewayConfig config =
        Configs.of(new GatewayConfig.Limits(2, 2), spoolDir, SPOOL_MAX, answerTimeout);
    threads.start();
    client =
        BmcClients.create(
            () -> config,
            (address, port) -> port != 1,
            threads,
            (bmc, known, shown) -> {},
            () -> {},
            cache);
    client.start();
    front =
        JettyFront.start(
            context -> {
              ahead.forEach(filter -> add(context, filter));
              mount(context, config, target, cache);
            });
  }

  static ProxyFixture to(int port) throws Exception {
    return to(port, "generic");
  }

  static ProxyFixture to(int port, String vendor) throws Exception {
    return new ProxyFixture(
        new BmcAddress(InetAddress.getByName("127.0.0.1"), port, Optional.empty()), vendor);
  }

  /** In front of a BMC that may take its time. */
  static ProxyFixture patient(int port) throws Exception {
    BmcAddress bmc = new BmcAddress(InetAddress.getByName("127.0.0.1"), port, Optional.empty());
    return new ProxyFixture(at(bmc, "generic"), new AssetCache(0, Ticker.systemTicker()));
  }

  /** With a container that is as the filter makes it. */
  static ProxyFixture to(int port, Filter container) throws Exception {
    BmcAddress bmc = new BmcAddress(InetAddress.getByName("127.0.0.1"), port, Optional.empty());
    return new ProxyFixture(
        at(bmc, "generic"), new AssetCache(0, Ticker.systemTicker()), List.of(container));
  }

  private static Function<HttpServletRequest, Bmc> at(BmcAddress bmc, String vendor) {
    VendorProfile profile = VendorProfiles.builtIn().find(Optional.of(vendor)).orElseThrow();
    return browser -> new Bmc(bmc, bmc.port(), profile);
  }

  private static void add(ServletContextHandler context, Filter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
  }

  private void mount(
      ServletContextHandler context,
      GatewayConfig config,
      Function<HttpServletRequest, Bmc> bmc,
      AssetCache cache) {
    Filter grant =
        (request, response, chain) -> {
          HttpServletRequest http = (HttpServletRequest) request;
          String query = http.getQueryString();
          String target = http.getRequestURI() + (query == null ? "" : "?" + query);
          PublicOrigin origin = new PublicOrigin("https", "localhost", front.port());
          request.setAttribute(
              BmcRequest.ATTRIBUTE, new BmcRequest(bmc.apply(http), target, origin, session));
          chain.doFilter(request, response);
        };
    add(context, grant);
    ServletHolder servlet =
        new ServletHolder(
            "proxy",
            new BmcProxyServlet(
                request -> config.proxy(),
                client,
                new BmcAdmission(
                    () ->
                        new BmcAdmission.Bounds(
                            config.limits().bmcConnections(), config.limits().bmcQueue(), PATIENCE),
                    scheduler,
                    threads),
                new LoginWatch(
                    new FailedLogins(Clock.systemUTC()),
                    new BmcSessions(
                        session -> CompletableFuture.completedFuture(0), Ticker.systemTicker())),
                new RequestRules("pm-session", path -> path.startsWith("/.gateway/")),
                new ResponseRules("pm-session"),
                new CachedAssets(cache, client::getScheduler),
                Optional.empty()));
    servlet.setAsyncSupported(true);
    context.addServlet(servlet, "/*");
  }

  int port() {
    return front.port();
  }

  String origin() {
    return front.origin();
  }

  /** Has it told of each request that the container is through with. */
  void log(RequestLog log) {
    front.server().setRequestLog(log);
  }

  List<Path> spoolFiles() throws IOException {
    try (var files = Files.list(spoolDir)) {
      return files.toList();
    }
  }

  @Override
  public void close() throws Exception {
    front.close();
    scheduler.shutdownNow();
    client.stop();
    threads.stop();
    IO.delete(spoolDir);
  }

  /** A session that a test can end. */
  static final class Session implements LiveSession {
    private final Map<Work, Kind> running = new ConcurrentHashMap<>();
    private volatile boolean over;

    @Override
    public Optional<Registration> register(Kind kind, Work work) {
      if (over) {
        return Optional.empty();
      }
      running.put(work, kind);
      return Optional.of(() -> running.remove(work));
    }

    void end(End reason) {
      over = true;
      running.keySet().forEach(work -> work.end(reason));
    }

    int running() {
      return running.size();
    }
  }
}
