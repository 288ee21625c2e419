package io.github.bmcgateway.entry;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.HostPattern;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.console.ConsoleFilter;
import io.github.bmcgateway.console.Timing;
import io.github.bmcgateway.policy.FailedLogins;
import io.github.bmcgateway.policy.LinkRate;
import io.github.bmcgateway.policy.Nodes;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.proxy.BmcProxyServlet;
import io.github.bmcgateway.proxy.CachedAssets;
import io.github.bmcgateway.proxy.LoginWatch;
import io.github.bmcgateway.proxy.RequestRules;
import io.github.bmcgateway.proxy.ResponseRules;
import io.github.bmcgateway.relay.Loops;
import io.github.bmcgateway.target.VendorDetection;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.token.TokenKeys;
import io.github.bmcgateway.token.TokenVerifier;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The running gateway: everything that has to be started and stopped, and how it is wired. */
final class Gateway implements AutoCloseable {
  private static final int MAX_THREADS = 200;

  /** How long a load balancer in front of several nodes may take to notice that one goes. */
  private static final Duration UNNOTICED = Duration.ofSeconds(2);

  /** The container's part of a shutdown, such as the Jetty base's, finds the drain under it. */
  private static final String DRAIN = "io.github.bmcgateway.drain";

  private final Clock clock;
  private final QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
  private final ScheduledExecutorService scheduler;
  private final FileWatch watch = new FileWatch();
  private final Secret proofKey = OnceProofs.randomKey();
  private final String ownMark = UUID.randomUUID().toString();
  private final LinkRate linkRate = new LinkRate(Ticker.systemTicker());
  private final RulesInForce rules;
  private final Reporting reporting;
  private final KnownSessions sessions;
  private final BmcSide bmcs;
  private final RequestRules requestRules;
  private final ConsoleFilter consoles;
  private final AtomicBoolean draining = new AtomicBoolean();
  private volatile Serving serving;

  private Gateway(Settings settings, TokenKeys tokenKeys, Clock clock) {
    GatewayConfig config = settings.config();
    this.clock = clock;
    Rules first = Rules.of(settings);
    rules = new RulesInForce(first);
    threads.setName("bmc-gateway");
    scheduler = scheduler();
    reporting = Reporting.open(config.ops(), clock);
    sessions =
        KnownSessions.open(
            config,
            () -> rules.config().token().maxLifetime(),
            reporting.audit(),
            scheduler,
            clock);
    bmcs =
        BmcSide.open(rules, () -> loops(rules.config()), reporting.metrics(), threads, scheduler);
    ReservedPaths reserved = new ReservedPaths(config.session().path());
    requestRules = new RequestRules(config.session().cookie(), reserved::isReserved);
    consoles = consoles();
    serving = serving(first, tokenKeys, bmcs.detection(settings.profiles()));
  }

  private ConsoleFilter consoles() {
    return new ConsoleFilter(
        bmcs::client,
        bmcs.gate(),
        () -> rules.config().limits().consoles(),
        (browser, to, route, headers) -> headers.add(requestRules.forUpgrade(browser, to, route)),
        BmcFailures::of,
        Timing.standard(),
        Optional.of(bmcs.upstreams()));
  }

  /** Its first name tells the gateway, with all its nodes, from others; without one, this node. */
  private Loops loops(GatewayConfig config) {
    return new Loops(
        config.gateway().relay().names().stream()
            .findFirst()
            .map(HostPattern::text)
            .orElse(ownMark));
  }

  private static ScheduledExecutorService scheduler() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "bmc-gateway-expiry");
              thread.setDaemon(true);
              return thread;
            });
    // Alarms of what is over by then would pile up.
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Opens everything, and from then on takes up what changes in the files.
   *
   * @throws RefusedSettingsException the settings can't be used; nothing was started then
   */
  static Gateway start(SettingsFiles files, Clock clock) throws RefusedSettingsException {
    String fingerprint = files.fingerprint();
    Settings settings = files.loadFirst();
    Gateway gateway = new Gateway(settings, KeysReload.first(settings), clock);
    LifeCycle.start(gateway.threads);
    gateway.bmcs.start();
    gateway.sessions.start();
    SettingsReload reload =
        new SettingsReload(
            files, settings, fingerprint, gateway::take, gateway.reporting.reloads());
    gateway.watch.start(List.of(() -> gateway.serving.keys().look(), reload::look));
    return gateway;
  }

  /** Puts other settings in force for what comes; what runs goes on as it was let in. */
  private void take(Settings next) throws RefusedSettingsException {
    Serving old = serving;
    boolean isAskedTheSame = next.profiles().equals(rules.profiles());
    VendorDetection detection = isAskedTheSame ? old.detection() : bmcs.detection(next.profiles());
    Runnable tls = TlsReload.prepare(bmcs.client(), next);
    TokenKeys keys = KeysReload.next(old.keys(), next);
    Rules nextRules = Rules.of(next);
    tls.run();
    serving = serving(nextRules, keys, detection);
    rules.put(nextRules);
    bmcs.take(next.config().proxy());
    old.keys().closeAllBut(keys);
  }

  private Serving serving(Rules of, TokenKeys keys, VendorDetection detection) {
    GatewayConfig config = of.settings().config();
    GatewayConfig.Gateway among = config.gateway();
    ClientAddress clients = new ClientAddress(among.trustedProxies(), among.trustedEdges());
    List<Filter> entrance = new ArrayList<>();
    entrance.add(new EdgeFilter(among.trustedEdges(), new ReservedPaths(config.session().path())));
    entrance.add(new AuditFilter(reporting.audit(), reporting.metrics(), clients));
    entrance.add(
        new LinkRateFilter(
            linkRate, clients, config.session().path(), config.limits().linksPerMinute()));
    config.admin().key().map(key -> sessions.admin(key, clock)).ifPresent(entrance::add);
    entrance.add(new MetricsFilter(reporting.metrics(), config));
    entrance.add(new JwtAuthFilter(config, parts(of, keys, detection)));
    return new Serving(config, keys, detection, entrance);
  }

  private JwtAuthFilter.Parts parts(Rules of, TokenKeys keys, VendorDetection detection) {
    GatewayConfig config = of.settings().config();
    VendorProfiles profiles = of.settings().profiles();
    return new JwtAuthFilter.Parts(
        new TokenVerifier(config.token(), keys, clock),
        of.guard(),
        sessions.ended(),
        sessions.used(),
        sessions.revocations(),
        sessions.live(),
        profiles::find,
        detection::known,
        profiles.cookies(),
        () -> missing(keys),
        proofKey,
        loops(config),
        bmcs.upstreams(),
        draining::get,
        clock);
  }

  /** What the gateway lacks to be ready, with these keys. */
  private List<String> missing(TokenKeys keys) {
    return Stream.of(
            consoles.missing().stream(),
            keys.missing().stream(),
            sessions.nodes().flatMap(Nodes::missing).stream(),
            // So that no load balancer sends new sessions here.
            draining.get() ? Stream.of("it is shutting down") : Stream.<String>empty())
        .flatMap(each -> each)
        .toList();
  }

  /** Puts the filters and the servlet in place, in the order in which a request meets them. */
  void mount(ServletContext context) {
    BmcProxyServlet pages =
        new BmcProxyServlet(
            request -> Serving.of(request).config().proxy(),
            bmcs.client(),
            bmcs.gate(),
            new LoginWatch(new FailedLogins(clock), bmcs.logins()),
            requestRules,
            new ResponseRules(rules.config().session().cookie()),
            new CachedAssets(bmcs.assets(), bmcs.client()::getScheduler),
            Optional.of(bmcs.upstreams()));
    RequestChain.mount(
        context,
        (request, response, chain) -> serving.let(request, response, chain),
        consoles,
        pages);
    reporting
        .metrics()
        .show(
            new GatewayReadings(
                () -> missing(serving.keys()),
                rules::config,
                sessions,
                consoles,
                bmcs,
                reporting,
                pages));
    context.setAttribute(DRAIN, drain());
  }

  private Drain drain() {
    Duration unnoticed = sessions.nodes().isPresent() ? UNNOTICED : Duration.ZERO;
    return new Drain(draining, sessions.live(), () -> rules.config().shutdown().drain(), unnoticed);
  }

  @Override
  public void close() {
    draining.set(true);
    watch.close();
    sessions.close();
    bmcs.finishLogouts();
    scheduler.shutdownNow();
    bmcs.stop();
    LifeCycle.stop(threads);
    serving.keys().close();
    reporting.close();
  }
}
