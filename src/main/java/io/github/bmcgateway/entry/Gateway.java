package io.github.bmcgateway.entry;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.console.ConsoleFilter;
import io.github.bmcgateway.console.Timing;
import io.github.bmcgateway.ops.Audit;
import io.github.bmcgateway.ops.ErrorPage;
import io.github.bmcgateway.ops.FileAudit;
import io.github.bmcgateway.ops.LogAudit;
import io.github.bmcgateway.policy.BmcAdmission;
import io.github.bmcgateway.policy.BmcSessions;
import io.github.bmcgateway.policy.EndedSessions;
import io.github.bmcgateway.policy.FailedLogins;
import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.policy.RememberedEnds;
import io.github.bmcgateway.policy.RememberedRevocations;
import io.github.bmcgateway.policy.RememberedUses;
import io.github.bmcgateway.policy.RevocationFile;
import io.github.bmcgateway.policy.RevocationJson;
import io.github.bmcgateway.policy.Revocations;
import io.github.bmcgateway.policy.Revoker;
import io.github.bmcgateway.policy.TargetGuard;
import io.github.bmcgateway.proxy.BmcClients;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.proxy.BmcLogouts;
import io.github.bmcgateway.proxy.BmcProxyServlet;
import io.github.bmcgateway.proxy.LoginWatch;
import io.github.bmcgateway.proxy.RequestRules;
import io.github.bmcgateway.proxy.ResponseRules;
import io.github.bmcgateway.target.BmcGate;
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
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
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

  /** The container's part of a shutdown, such as the Jetty base's, finds the drain under it. */
  private static final String DRAIN = "io.github.bmcgateway.drain";

  private static final long DRAIN_POLL_MILLIS = 100;
  private static final long FAREWELL_MILLIS = 1_000;

  private final GatewayConfig config;
  private final Clock clock;
  private final QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
  private final ScheduledExecutorService scheduler;
  private final VendorProfiles profiles;
  private final TokenKeys tokenKeys;
  private final TargetGuard guard;
  private final EndedSessions ended;
  private final Optional<FileAudit> auditFile;
  private final Audit audit;
  private final Revocations revocations;
  private final LiveSessions sessions;
  private final Revoker revoker;
  private final RevocationJson revocationJson;
  private final Optional<RevocationFile> revocationFile;
  private final HttpClient client;
  private final BmcGate gate;
  private final BmcSessions bmcSessions;
  private final VendorDetection detection;
  private final AtomicBoolean draining = new AtomicBoolean();

  private Gateway(GatewayConfig config, VendorProfiles profiles, TokenKeys tokenKeys, Clock clock) {
    this.config = config;
    this.profiles = profiles;
    this.tokenKeys = tokenKeys;
    this.clock = clock;
    threads.setName("bmc-gateway");
    scheduler = scheduler();
    guard = new TargetGuard(config.bmc(), profiles.consolePorts());
    ended = new RememberedEnds(REMEMBERED_ENDS, clock);
    revocations =
        new RememberedRevocations(
            REMEMBERED_REVOCATIONS, config.token().maxLifetime().plus(SKEW), clock);
    auditFile =
        config
            .ops()
            .auditLog()
            .map(file -> FileAudit.open(file, FileAudit.Rotation.STANDARD, clock));
    audit = auditFile.<Audit>map(file -> file).orElseGet(() -> new LogAudit(clock));
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
            .map(file -> new RevocationFile(file, revocationJson, revoker::revoke));
    client = BmcClients.create(config, guard::allows, threads);
    gate =
        new BmcAdmission(
            new BmcAdmission.Bounds(
                config.limits().bmcConnections(), config.limits().bmcQueue(), PATIENCE),
            scheduler,
            threads);
    bmcSessions = new BmcSessions(new BmcLogouts(client, gate));
    detection = new VendorDetection(client, gate, profiles, Ticker.systemTicker());
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
   * Opens everything.
   *
   * @throws InvalidKeysException the token keys can't be used; nothing was started then
   */
  static Gateway start(GatewayConfig config, VendorProfiles profiles, Clock clock)
      throws InvalidKeysException {
    TokenKeys keys = TokenKeys.open(config.token());
    Gateway gateway = new Gateway(config, profiles, keys, clock);
    LifeCycle.start(gateway.threads);
    LifeCycle.start(gateway.client);
    gateway.revocationFile.ifPresent(file -> file.watch(FILE_INTERVAL));
    return gateway;
  }

  /** Puts the filters and the servlet in place, in the order in which a request meets them. */
  void mount(ServletContext context) {
    ReservedPaths reserved = new ReservedPaths(config.session().path());
    RequestRules requestRules = new RequestRules(config.session().cookie(), reserved::isReserved);
    ConsoleFilter consoles =
        new ConsoleFilter(
            () -> client,
            gate,
            () -> config.limits().consoles(),
            (browser, to, route, headers) ->
                headers.add(requestRules.forUpgrade(browser, to, route)),
            BmcFailures::of,
            Timing.standard());
    JwtAuthFilter.Parts parts =
        new JwtAuthFilter.Parts(
            new TokenVerifier(config.token(), tokenKeys, clock),
            guard,
            ended,
            new RememberedUses(REMEMBERED_USES, clock),
            revocations,
            sessions,
            profiles::find,
            detection::known,
            profiles.cookies(),
            () -> Stream.concat(consoles.missing().stream(), tokenKeys.missing().stream()).toList(),
            draining::get,
            clock);
    ClientAddress clients = new ClientAddress(config.gateway().trustedProxies());
    add(context, "audit", new AuditFilter(audit, clients), EnumSet.of(DispatcherType.REQUEST));
    config
        .admin()
        .key()
        .ifPresent(
            key -> add(context, "admin", adminFilter(key), EnumSet.of(DispatcherType.REQUEST)));
    add(context, "jwt", new JwtAuthFilter(config, parts), EnumSet.of(DispatcherType.REQUEST));
    Predicate<HttpServletRequest> isUpgrade = ConsoleFilter::isUpgrade;
    add(
        context,
        "early-scope",
        ScopeFilter.beforeDetection(isUpgrade),
        EnumSet.of(DispatcherType.REQUEST));
    EnumSet<DispatcherType> resumed = EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC);
    add(context, "vendor", new DetectionFilter(detection::detect, BmcFailures::of), resumed);
    add(context, "scope", ScopeFilter.afterDetection(isUpgrade), resumed);
    add(context, "console", consoles, resumed);
    ServletRegistration.Dynamic proxy =
        context.addServlet(
            "bmc",
            new BmcProxyServlet(
                config.proxy(),
                client,
                gate,
                new LoginWatch(new FailedLogins(clock), bmcSessions),
                requestRules,
                new ResponseRules(config.session().cookie())));
    proxy.setAsyncSupported(true);
    context.addServlet("failed", new ErrorPage()).addMapping(ErrorPage.PATH);
    // Not "/": the containers' own mappings for *.jsp would take such paths of a BMC away.
    proxy.addMapping("/*");
    context.setAttribute(DRAIN, (Runnable) this::drain);
  }

  private AdminFilter adminFilter(Secret key) {
    return new AdminFilter(
        new AdminKey(key, clock), revocationJson, revocations, revoker, revocationFile);
  }

  /** Opens no new session, lets consoles live on for the drain time, and ends them. Blocks. */
  private void drain() {
    draining.set(true);
    long end = System.nanoTime() + config.shutdown().drain().toNanos();
    try {
      while (sessions.isBusy() && System.nanoTime() < end) {
        Thread.sleep(DRAIN_POLL_MILLIS);
      }
      boolean busy = sessions.isBusy();
      sessions.shutDown();
      if (busy) {
        // The close frames go out before the container closes the connections under them.
        Thread.sleep(FAREWELL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    sessions.shutDown();
    revocationFile.ifPresent(RevocationFile::close);
    bmcSessions.awaitSent(LOGOUTS);
    scheduler.shutdownNow();
    LifeCycle.stop(client);
    LifeCycle.stop(threads);
    tokenKeys.close();
    auditFile.ifPresent(FileAudit::close);
  }
}
