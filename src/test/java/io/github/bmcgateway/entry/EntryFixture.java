package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.HostPattern;
import io.github.bmcgateway.config.Networks;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.console.ConsoleFilter;
import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.policy.ManualTime;
import io.github.bmcgateway.policy.RememberedEnds;
import io.github.bmcgateway.policy.RememberedRevocations;
import io.github.bmcgateway.policy.RememberedUses;
import io.github.bmcgateway.policy.Revocations;
import io.github.bmcgateway.policy.TargetGuard;
import io.github.bmcgateway.relay.Loops;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.TestProfiles;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.testing.JettyFront;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.token.TestTokens;
import io.github.bmcgateway.token.TokenVerifier;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;

/**
 * The filter in a real Jetty, with a recorder where the proxy would stand, in a time of its own.
 */
final class EntryFixture implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  static final int MAX_USED_LINKS = 2;

  final ManualTime time = new ManualTime(START);
  final Revocations revocations =
      new RememberedRevocations(100, () -> Duration.ofHours(24), time.clock());
  final LiveSessions sessions;
  final SlowUses used = new SlowUses(new RememberedUses(MAX_USED_LINKS, time.clock()));
  final BlockingQueue<BmcRequest> arrived = new LinkedBlockingQueue<>();
  final List<String> missing = new CopyOnWriteArrayList<>();
  final Map<BmcAddress, VendorProfile> detected = new ConcurrentHashMap<>();
  volatile boolean draining;
  private final JettyFront front;

  /** Settings that tests change. */
  record Settings(List<String> publicHosts, List<String> trustedProxies, String contextPath) {
    static final Settings PLAIN = new Settings(List.of(), List.of(), "/");
  }

  EntryFixture() throws Exception {
    this(Settings.PLAIN);
  }

  EntryFixture(Settings settings) throws Exception {
    GatewayConfig config = config(settings);
    RememberedEnds ended = new RememberedEnds(100, time.clock());
    sessions = new LiveSessions(ended, revocations, (session, end) -> {}, time.clock(), time);
    JwtAuthFilter filter =
        new JwtAuthFilter(
            config,
            new JwtAuthFilter.Parts(
                new TokenVerifier(config.token(), time.clock()),
                new TargetGuard(config.bmc(), Set.of(5900)),
                ended,
                used,
                revocations,
                sessions,
                EntryFixture::profile,
                address -> Optional.ofNullable(detected.get(address)),
                List.of("-http-session-", "sessionKey"),
                () -> List.copyOf(missing),
                OnceProofs.randomKey(),
                new Loops("here"),
                (request, to) -> {},
                () -> draining,
                time.clock()));
    front =
        JettyFront.start(
            context -> {
              context.setContextPath(settings.contextPath());
              FilterHolder holder = new FilterHolder(filter);
              holder.setAsyncSupported(true);
              context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
              FilterHolder scope =
                  new FilterHolder(ScopeFilter.afterDetection(ConsoleFilter::isUpgrade));
              scope.setAsyncSupported(true);
              context.addFilter(scope, "/*", EnumSet.of(DispatcherType.REQUEST));
              context.addServlet(new ServletHolder(new Recorder()), "/*");
            });
  }

  RawClient client() throws IOException {
    return new RawClient(front.port());
  }

  int port() {
    return front.port();
  }

  /** As a stock Jetty does; the gateway's own base doesn't. */
  void advertiseExtendedConnect() {
    front
        .server()
        .getConnectors()[0]
        .getConnectionFactory(HTTP2ServerConnectionFactory.class)
        .setConnectProtocolEnabled(true);
  }

  /** One request with these header lines, each ending in CR LF. */
  RawClient.Answer request(String method, String target, String headers) throws IOException {
    try (RawClient client = client()) {
      return client.request(method, target, headers + "Connection: close\r\n");
    }
  }

  RawClient.Answer get(String target, String headers) throws IOException {
    return request("GET", target, headers);
  }

  /** A GET with a session cookie for each token. */
  RawClient.Answer get(String target, TestTokens... tokens) throws IOException {
    return get(target, cookies(tokens));
  }

  RawClient.Answer form(String target, String body, String headers) throws IOException {
    return request(
        "POST",
        target,
        headers
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n"
            + body);
  }

  static String cookies(TestTokens... tokens) {
    StringBuilder line = new StringBuilder();
    for (TestTokens token : tokens) {
      line.append(line.isEmpty() ? "Cookie: " : "; ").append("pm-session=").append(token.build());
    }
    return line.isEmpty() ? "" : line + "\r\n";
  }

  /** A token for half an hour. */
  static TestTokens token(String ip) {
    return TestTokens.token(ip, START.plusSeconds(1800));
  }

  private static GatewayConfig config(Settings settings) {
    return new GatewayConfig(
        new GatewayConfig.Token(
            List.of(Secret.of(TestTokens.KEY)), Optional.empty(), Duration.ofHours(24)),
        new GatewayConfig.Session(
            "pm-session",
            "/gpsession",
            settings.publicHosts().stream().map(HostPattern::new).toList()),
        new GatewayConfig.Bmc(new Networks(cidrs(List.of("10.0.0.0/8"))), Set.of(443, 8443)),
        new GatewayConfig.Gateway(cidrs(settings.trustedProxies())),
        new GatewayConfig.Limits(8, 100),
        new GatewayConfig.Proxy(0, Path.of("unused"), Duration.ZERO, Duration.ZERO),
        new GatewayConfig.Shutdown(Duration.ZERO),
        new GatewayConfig.Admin(Optional.empty(), Optional.empty()),
        new GatewayConfig.Ops(Optional.empty()));
  }

  private static List<Cidr> cidrs(List<String> texts) {
    return texts.stream().map(Cidr::parse).map(Optional::orElseThrow).toList();
  }

  private static Optional<VendorProfile> profile(Optional<String> vendor) {
    String name = vendor.orElse("generic");
    return Set.of("generic", "idrac9").contains(name)
        ? Optional.of(TestProfiles.plain(name, "The <" + name + "> & co"))
        : Optional.empty();
  }

  @Override
  public void close() throws Exception {
    front.close();
  }

  private final class Recorder extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      arrived.add((BmcRequest) request.getAttribute(BmcRequest.ATTRIBUTE));
      response.getOutputStream().print("the BMC's");
    }
  }
}
