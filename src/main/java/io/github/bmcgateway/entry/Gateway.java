package io.github.bmcgateway.entry;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.HostPattern;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.console.ConsoleFilter;
import io.github.bmcgateway.console.Timing;
import io.github.bmcgateway.ops.Audit;
import io.github.bmcgateway.ops.ErrorPage;
import io.github.bmcgateway.ops.FileAudit;
import io.github.bmcgateway.ops.LogAudit;
import io.github.bmcgateway.ops.Metrics;
import io.github.bmcgateway.ops.Reloads;
import io.github.bmcgateway.policy.BmcAdmission;
import io.github.bmcgateway.policy.BmcSessions;
import io.github.bmcgateway.policy.EndedSessions;
import io.github.bmcgateway.policy.FailedLogins;
import io.github.bmcgateway.policy.LinkRate;
import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.policy.Nodes;
import io.github.bmcgateway.policy.RememberedEnds;
import io.github.bmcgateway.policy.RememberedRevocations;
import io.github.bmcgateway.policy.RememberedUses;
import io.github.bmcgateway.policy.Revocation;
import io.github.bmcgateway.policy.RevocationFile;
import io.github.bmcgateway.policy.RevocationJson;
import io.github.bmcgateway.policy.Revocations;
import io.github.bmcgateway.policy.Revoker;
import io.github.bmcgateway.policy.UsedLinks;
import io.github.bmcgateway.proxy.BmcClients;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.proxy.BmcLogouts;
import io.github.bmcgateway.proxy.BmcProxyServlet;
import io.github.bmcgateway.proxy.CachedAssets;
import io.github.bmcgateway.proxy.GatewayClients;
import io.github.bmcgateway.proxy.LoginWatch;
import io.github.bmcgateway.proxy.RequestRules;
import io.github.bmcgateway.proxy.ResponseRules;
import io.github.bmcgateway.relay.Loops;
import io.github.bmcgateway.relay.Relay;
import io.github.bmcgateway.relay.UpstreamTls;
import io.github.bmcgateway.target.VendorDetection;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.token.InvalidKeysException;
import io.github.bmcgateway.token.TokenKeys;
import io.github.bmcgateway.token.TokenVerifier;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The running gateway: everything that has to be started and stopped, and how it is wired. */
final class Gateway implements AutoCloseable {
  private static final int MAX_THREADS = 200;
  private static final int REMEMBERED_ENDS = 100_000;
  private static final int REMEMBERED_USES = 100_000;
  private static final int REMEMBERED_REVOCATIONS = 10_000;

  /** How far the clocks of token issuers may be ahead. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  private static final Duration FILE_INTERVAL = Duration.ofSeconds(1);

  /**
   * How long a request waits for a place at its BMC; a page that takes longer is dead to a user.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a shutdown waits for the logouts at BMCs. */
  private static final Duration LOGOUTS = Duration.ofSeconds(2);

  /** How long a load balancer in front of several nodes may take to notice that one goes. */
  private static final Duration UNNOTICED = Duration.ofSeconds(2);

  /** The container's part of a shutdown, such as the Jetty base's, finds the drain under it. */
  private static final String DRAIN = "io.github.bmcgateway.drain";

  private final Clock clock;
  private final QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
  private final ScheduledExecutorService scheduler;
  private final FileWatch watch = new FileWatch();
  private final Metrics metrics = new Metrics();
  private final Reloads reloads;
  private final Secret proofKey = OnceProofs.randomKey();
  private final Optional<Nodes> nodes;
  private final EndedSessions ended;
  private final UsedLinks used;
  private final Optional<FileAudit> auditFile;
  private final Audit audit;
  private final Revocations revocations;
  private final LiveSessions sessions;
  private final Revoker revoker;
  private final RevocationJson revocationJson;
  private final Optional<RevocationFile> revocationFile;
  private final LinkRate linkRate = new LinkRate(Ticker.systemTicker());
  private final AssetCache assets;
  private final HttpClient client;
  private final RelayWay upstreams;
  private final String ownMark = UUID.randomUUID().toString();
  private final BmcAdmission gate;
  private final BmcSessions bmcSessions;
  private final RequestRules requestRules;
  private final ConsoleFilter consoles;
  private final AtomicBoolean draining = new AtomicBoolean();
  private volatile Rules rules;
  private volatile Serving serving;

  private Gateway(Settings settings, TokenKeys tokenKeys, Clock clock) {
    GatewayConfig config = settings.config();
    rules = Rules.of(settings);
    this.clock = clock;
    reloads = new Reloads(clock);
    threads.setName("bmc-gateway");
    scheduler = scheduler();
    RememberedEnds ownEnds = new RememberedEnds(REMEMBERED_ENDS, clock);
    Supplier<Duration> retention = () -> config().token().maxLifetime().plus(SKEW.multipliedBy(2));
    revocations = new RememberedRevocations(REMEMBERED_REVOCATIONS, retention, clock);
    nodes =
        config.gateway().shared().map(at -> new Nodes(at, ownEnds, revocations, retention, clock));
    ended = nodes.map(Nodes::ends).orElse(ownEnds);
    used = nodes.map(Nodes::uses).orElseGet(() -> new RememberedUses(REMEMBERED_USES, clock));
    auditFile =
        config
            .ops()
            .auditLog()
            .map(file -> FileAudit.open(file, FileAudit.Rotation.STANDARD, clock));
    audit =
        metrics.counting(auditFile.<Audit>map(file -> file).orElseGet(() -> new LogAudit(clock)));
    sessions =
        new LiveSessions(
            ended,
            revocations,
            (session, end) -> audit.tell(AuditTrail.ended(session, end)),
            clock,
            scheduler);
    revoker = new Revoker(revocations, sessions, audit);
    revocationJson = new RevocationJson(clock);
    revocationFile =
        config
            .admin()
            .revocations()
            .map(file -> new RevocationFile(file, revocationJson, this::revokeEverywhere));
    assets = new AssetCache(config.proxy().cacheBytes(), Ticker.systemTicker());
    client =
        BmcClients.create(
            this::config,
            (ip, port) -> rules.guard().allows(ip, port),
            threads,
            (bmc, known, shown) -> metrics.pinAlarm(),
            metrics::bmcRetried,
            assets);
    upstreams =
        new RelayWay(
            GatewayClients.create(
                UpstreamTls.by(config.gateway().relay().authorities()),
                threads,
                config.proxy().connectTimeout()),
            new Relay(
                RequestRules::goesOn,
                BmcFailures::of,
                () -> loops(config()),
                config.session().cookie()));
    gate = new BmcAdmission(this::bounds, scheduler, threads);
    bmcSessions = new BmcSessions(new BmcLogouts(client, gate));
    ReservedPaths reserved = new ReservedPaths(config.session().path());
    requestRules = new RequestRules(config.session().cookie(), reserved::isReserved);
    consoles =
        new ConsoleFilter(
            () -> client,
            gate,
            () -> config().limits().consoles(),
            (browser, to, route, headers) ->
                headers.add(requestRules.forUpgrade(browser, to, route)),
            BmcFailures::of,
            Timing.standard(),
            Optional.of(upstreams));
    serving = serving(rules, tokenKeys, detection(settings));
  }

  /** The settings that are in force now; a request asks its {@link Serving} instead. */
  private GatewayConfig config() {
    return rules.settings().config();
  }

  /** Its first name tells the gateway, with all its nodes, from others; without one, this node. */
  private Loops loops(GatewayConfig config) {
    return new Loops(
        config.gateway().relay().names().stream()
            .findFirst()
            .map(HostPattern::text)
            .orElse(ownMark));
  }

  private BmcAdmission.Bounds bounds() {
    GatewayConfig.Limits limits = config().limits();
    return new BmcAdmission.Bounds(limits.bmcConnections(), limits.bmcQueue(), PATIENCE);
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
    Gateway gateway = new Gateway(settings, keys(settings), clock);
    LifeCycle.start(gateway.threads);
    LifeCycle.start(gateway.client);
    LifeCycle.start(gateway.upstreams.client());
    gateway.nodes.ifPresent(
        nodes -> nodes.start(gateway.revoker::revoke, gateway.sessions::cutEnded));
    gateway.revocationFile.ifPresent(file -> file.watch(FILE_INTERVAL));
    SettingsReload reload =
        new SettingsReload(files, settings, fingerprint, gateway::take, gateway.reloads);
    gateway.watch.start(List.of(() -> gateway.serving.keys().look(), reload::look));
    return gateway;
  }

  private Revocations.Outcome revokeEverywhere(Revocation revocation) {
    Revocations.Outcome outcome = revoker.revoke(revocation);
    nodes.ifPresent(others -> others.tellLater(revocation));
    return outcome;
  }

  private static TokenKeys keys(Settings settings) throws RefusedSettingsException {
    try {
      return TokenKeys.open(settings.config().token());
    } catch (InvalidKeysException e) {
      throw new RefusedSettingsException(List.of(String.valueOf(e.getMessage())));
    }
  }

  /** Puts other settings in force for what comes; what runs goes on as it was let in. */
  private void take(Settings next) throws RefusedSettingsException {
    Serving old = serving;
    boolean isAskedTheSame = next.profiles().equals(rules.settings().profiles());
    VendorDetection detection = isAskedTheSame ? old.detection() : detection(next);
    Runnable tls = TlsReload.prepare(client, next);
    TokenKeys keys = nextKeys(old.keys(), next);
    Rules nextRules = Rules.of(next);
    tls.run();
    serving = serving(nextRules, keys, detection);
    rules = nextRules;
    long connectMillis = next.config().proxy().connectTimeout().toMillis();
    client.setConnectTimeout(connectMillis);
    assets.resize(next.config().proxy().cacheBytes());
    upstreams.client().setConnectTimeout(connectMillis);
    old.keys().closeAllBut(keys);
  }

  private static TokenKeys nextKeys(TokenKeys old, Settings next) throws RefusedSettingsException {
    List<String> problems;
    try {
      TokenKeys keys = old.next(next.config().token());
      problems = keys.missing();
      if (old.missing().containsAll(problems)) {
        return keys;
      }
      keys.closeAllBut(old);
    } catch (InvalidKeysException e) {
      problems = List.of(String.valueOf(e.getMessage()));
    }
    throw new RefusedSettingsException(problems);
  }

  private VendorDetection detection(Settings settings) {
    return new VendorDetection(client, gate, settings.profiles(), Ticker.systemTicker());
  }

  private Serving serving(Rules of, TokenKeys keys, VendorDetection detection) {
    GatewayConfig config = of.settings().config();
    VendorProfiles profiles = of.settings().profiles();
    JwtAuthFilter.Parts parts =
        new JwtAuthFilter.Parts(
            new TokenVerifier(config.token(), keys, clock),
            of.guard(),
            ended,
            used,
            revocations,
            sessions,
            profiles::find,
            detection::known,
            profiles.cookies(),
            () -> missing(keys),
            proofKey,
            loops(config),
            upstreams,
            draining::get,
            clock);
    List<Filter> entrance = new ArrayList<>();
    GatewayConfig.Gateway among = config.gateway();
    ClientAddress clients = new ClientAddress(among.trustedProxies(), among.trustedEdges());
    entrance.add(new EdgeFilter(among.trustedEdges(), new ReservedPaths(config.session().path())));
    entrance.add(new AuditFilter(audit, metrics, clients));
    entrance.add(
        new LinkRateFilter(
            linkRate, clients, config.session().path(), config.limits().linksPerMinute()));
    config.admin().key().map(this::adminFilter).ifPresent(entrance::add);
    entrance.add(new MetricsFilter(metrics, config));
    entrance.add(new JwtAuthFilter(config, parts));
    return new Serving(config, keys, detection, entrance);
  }

  /** What the gateway lacks to be ready, with these keys. */
  private List<String> missing(TokenKeys keys) {
    return Stream.of(
            consoles.missing().stream(),
            keys.missing().stream(),
            nodes.flatMap(Nodes::missing).stream(),
            // So that no load balancer sends new sessions here.
            draining.get() ? Stream.of("it is shutting down") : Stream.<String>empty())
        .flatMap(each -> each)
        .toList();
  }

  /** Puts the filters and the servlet in place, in the order in which a request meets them. */
  void mount(ServletContext context) {
    Filter entrance = (request, response, chain) -> serving.let(request, response, chain);
    add(context, "entrance", entrance, EnumSet.of(DispatcherType.REQUEST));
    Predicate<HttpServletRequest> isUpgrade = ConsoleFilter::isUpgrade;
    add(
        context,
        "early-scope",
        ScopeFilter.beforeDetection(isUpgrade),
        EnumSet.of(DispatcherType.REQUEST));
    EnumSet<DispatcherType> resumed = EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC);
    add(
        context,
        "vendor",
        new DetectionFilter(request -> Serving.of(request).detection(), BmcFailures::of),
        resumed);
    add(context, "scope", ScopeFilter.afterDetection(isUpgrade), resumed);
    add(context, "console", consoles, resumed);
    BmcProxyServlet servlet =
        new BmcProxyServlet(
            request -> Serving.of(request).config().proxy(),
            client,
            gate,
            new LoginWatch(new FailedLogins(clock), bmcSessions),
            requestRules,
            new ResponseRules(config().session().cookie()),
            new CachedAssets(assets, client::getScheduler),
            Optional.of(upstreams));
    metrics.show(
        new GatewayReadings(
            () -> missing(serving.keys()),
            this::config,
            sessions,
            consoles,
            gate,
            reloads,
            auditFile,
            nodes,
            servlet,
            assets));
    ServletRegistration.Dynamic proxy = context.addServlet("bmc", servlet);
    proxy.setAsyncSupported(true);
    context.addServlet("failed", new ErrorPage()).addMapping(ErrorPage.PATH);
    // Not "/": the containers' own mappings for *.jsp would take such paths of a BMC away.
    proxy.addMapping("/*");
    Duration unnoticed = nodes.isPresent() ? UNNOTICED : Duration.ZERO;
    context.setAttribute(
        DRAIN, new Drain(draining, sessions, () -> config().shutdown().drain(), unnoticed));
  }

  private AdminFilter adminFilter(Secret key) {
    return new AdminFilter(
        new AdminKey(key, clock), revocationJson, revocations, revoker, nodes, revocationFile);
  }

  private static void add(
      ServletContext context, String name, Filter filter, EnumSet<DispatcherType> dispatches) {
    FilterRegistration.Dynamic registration = context.addFilter(name, filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(dispatches, /* isMatchAfter= */ true, "/*");
  }

  @Override
  public void close() {
    draining.set(true);
    watch.close();
    sessions.shutDown();
    revocationFile.ifPresent(RevocationFile::close);
    nodes.ifPresent(Nodes::close);
    bmcSessions.awaitSent(LOGOUTS);
    scheduler.shutdownNow();
    LifeCycle.stop(client);
    LifeCycle.stop(upstreams.client());
    LifeCycle.stop(threads);
    serving.keys().close();
    auditFile.ifPresent(FileAudit::close);
    metrics.close();
  }
}
