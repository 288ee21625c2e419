package io.github.bmcgateway.console;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.GatewayConfig.ConsoleLimits;
import io.github.bmcgateway.config.Networks;
import io.github.bmcgateway.proxy.BmcClients;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.TestProfiles;
import io.github.bmcgateway.target.VendorProfile;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.JettyFront;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A gateway that has the console filter and nothing else, in an embedded Jetty with TLS. */
final class Gateway implements AutoCloseable {
  /** Short where a test waits for the limit, long where a slow machine must not reach it. */
  static final Timing QUICK =
      new Timing(
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(3));

  static final Timing PINGING =
      new Timing(QUICK.handshake(), Duration.ofMillis(500), QUICK.stall(), QUICK.close());

  static final Timing IMPATIENT =
      new Timing(QUICK.handshake(), QUICK.ping(), QUICK.stall(), Duration.ofSeconds(1));

  final FakeSession session = new FakeSession();
  final HttpClient client;
  final ConsoleFilter console;
  private final QueuedThreadPool threads = new QueuedThreadPool();
  private final JettyFront front;
  private volatile int bmcPort;
  private volatile ConsoleLimits limits = new ConsoleLimits(2000, 2000, 2000);
  private volatile VendorProfile profile = TestProfiles.plain("generic", "BMC");

  /** In a container that offers these WebSocket APIs. */
  Gateway(int bmcPort, Timing timing, Set<WebSocketApi> apis) throws Exception {
    this.bmcPort = bmcPort;
    threads.start();
    client = BmcClients.create(Gateway::config, (address, port) -> true, threads);
    client.start();
    console =
        new ConsoleFilter(
            () -> client,
            new OpenGate(),
            () -> limits,
            (browser, to, route, headers) -> {
              if (browser.getHeader("X-Broken") != null) {
                throw new IllegalStateException("a fault of the gateway's own");
              }
              headers.put("Host", to.bmc().address().authority());
            },
            BmcFailures::of,
            timing);
    front = JettyFront.start(Wire.keyStore(), apis, this::fill);
  }

  private void fill(ServletContextHandler context) {
    add(context, entry());
    add(context, console);
    context.addServlet(new ServletHolder(new Page()), "/*");
  }

  private static void add(ServletContextHandler context, Filter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
  }

  private static GatewayConfig config() {
    return new GatewayConfig(
        new GatewayConfig.Token(List.of(), Optional.empty(), Duration.ofHours(24)),
        new GatewayConfig.Session("pm-session", "/gpsession", List.of()),
        new GatewayConfig.Bmc(new Networks(List.of()), Set.of()),
        new GatewayConfig.Gateway(List.of()),
        new GatewayConfig.Limits(/* bmcConnections= */ 8, /* bmcQueue= */ 100),
        new GatewayConfig.Proxy(1, Path.of("."), Duration.ofSeconds(5), Duration.ofSeconds(30)),
        new GatewayConfig.Shutdown(Duration.ZERO),
        new GatewayConfig.Admin(Optional.empty(), Optional.empty()),
        new GatewayConfig.Ops(Optional.empty()));
  }

  private Filter entry() {
    return (request, response, chain) -> {
      request.setAttribute(BmcRequest.ATTRIBUTE, bmcRequest((HttpServletRequest) request));
      chain.doFilter(request, response);
    };
  }

  private BmcRequest bmcRequest(HttpServletRequest request) {
    String query = request.getQueryString();
    return new BmcRequest(
        new Bmc(
            new BmcAddress(InetAddress.getLoopbackAddress(), bmcPort, Optional.empty()),
            bmcPort,
            profile),
        misread(request).orElse(request.getRequestURI() + (query == null ? "" : "?" + query)),
        new PublicOrigin("https", "gateway", 443),
        session);
  }

  /** The target as an entry with a fault would make it: a header with {@code ~} for CR LF. */
  private static Optional<String> misread(HttpServletRequest request) {
    return Optional.ofNullable(request.getHeader("X-Misread")).map(t -> t.replace("~", "\r\n"));
  }

  /** Idle time-outs of both sides that a quiet console must outlive. */
  void setIdleTimeouts(Duration timeout) {
    ((AbstractConnector) front.server().getConnectors()[0]).setIdleTimeout(timeout.toMillis());
    client.setIdleTimeout(timeout.toMillis());
  }

  /** What the BMC is from now on. */
  void setVendor(String name) {
    profile = VendorProfiles.builtIn().find(Optional.of(name)).orElseThrow();
  }

  /** How many consoles there may be from now on. */
  void setLimits(ConsoleLimits to) {
    limits = to;
  }

  /** Where the BMC is from now on. */
  void setBmc(int port) {
    bmcPort = port;
  }

  int port() {
    return front.port();
  }

  /** As a Jetty that nobody set up for this does. */
  void advertiseExtendedConnect() {
    front
        .server()
        .getConnectors()[0]
        .getConnectionFactory(HTTP2ServerConnectionFactory.class)
        .setConnectProtocolEnabled(true);
  }

  /** Opens a console; the answer's head has been read. */
  Wire open(String target, String... headers) throws IOException {
    Wire browser = Wire.connect(port());
    String head = browser.write(Wire.upgrade(target, headers)).readHead();
    if (Wire.status(head) != 101) {
      throw new AssertionError(head);
    }
    return browser;
  }

  @Override
  public void close() {
    LifeCycle.stop(front.server());
    LifeCycle.stop(client);
    LifeCycle.stop(threads);
  }

  private static final class Page extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().print("passed");
    }
  }
}
