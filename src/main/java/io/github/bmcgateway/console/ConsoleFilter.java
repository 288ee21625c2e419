package io.github.bmcgateway.console;

import io.github.bmcgateway.config.GatewayConfig.ConsoleLimits;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.console.ConsolePlaces.Place;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.ops.FailurePages;
import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.target.BmcGate;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.VendorProfile.SocketRoute;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.client.HttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every WebSocket upgrade to the same path at the BMC and joins the two sockets; other
 * requests pass. The BMC is asked first, so that the browser gets its answer: the subprotocol that
 * it chose, or the status with which it refused. Stands behind the filter that sets {@link
 * BmcRequest#ATTRIBUTE}; to be mapped to {@code /*} for REQUEST and ASYNC dispatches and to be
 * registered as supporting asynchronous operation.
 *
 * <p>A console lasts as long as its session: at its end the browser's socket is closed with 4401.
 * No thread is held by a console that is idle. Safe for use by several threads.
 */
public final class ConsoleFilter implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleFilter.class);
  private static final String PENDING = ConsoleFilter.class.getName() + ".pending";

  private final Supplier<HttpClient> client;
  private final ConsolePlaces places;
  private final SocketWay bmcs;
  private final Optional<SocketWay> upstreams;
  private final Timing timing;
  private final Sender sender;
  private volatile Optional<Browsers> browsers = Optional.empty();
  private volatile Optional<Plant> plant = Optional.empty();

  /** What is built when the first console is opened, since the client starts later than this. */
  private record Plant(BmcDialer bmcs, Optional<BmcDialer> upstreams, Consoles consoles) {
    BmcDialer dialer(BmcRequest to) {
      return to.upstream().isPresent() ? upstreams.orElseThrow() : bmcs;
    }
  }

  /** An upgrade whose BMC has answered. */
  private record Pending(Bridge bridge, Dialed dialed, ConsoleAudit audit) {}

  /**
   * @param client the client for all BMCs, started when the first request comes; it sends targets
   *     byte for byte and handles 101 answers
   * @param gate gives out the places at a BMC
   * @param limits how many consoles there may be; asked at each upgrade
   * @param headers which headers go up
   * @param failures what a failure of the client means
   * @param timing the time limits
   */
  public ConsoleFilter(
      Supplier<HttpClient> client,
      BmcGate gate,
      Supplier<ConsoleLimits> limits,
      UpgradeHeaders headers,
      Function<Throwable, Failure> failures,
      Timing timing) {
    this(client, gate, limits, headers, failures, timing, Optional.empty());
  }

  /**
   * A filter that also relays to other gateways.
   *
   * @param upstreams the way there; without it no request may be for one
   */
  public ConsoleFilter(
      Supplier<HttpClient> client,
      BmcGate gate,
      Supplier<ConsoleLimits> limits,
      UpgradeHeaders headers,
      Function<Throwable, Failure> failures,
      Timing timing,
      Optional<SocketWay> upstreams) {
    this.client = client;
    this.places = new ConsolePlaces(gate, limits);
    this.bmcs = new BmcSockets(client, headers, failures);
    this.upstreams = upstreams;
    this.timing = timing;
    this.sender = new Sender(() -> client.get().getExecutor());
  }

  /** What the container lacks for consoles to work; empty when nothing. */
  public Optional<String> missing() {
    return browsers.isPresent() ? Optional.empty() : Optional.of(ContainerApis.MISSING);
  }

  /** Sockets that are open or being opened. */
  public int open() {
    return places.taken();
  }

  /** Whether a request means to be a WebSocket upgrade, proper or not: such a one isn't passed. */
  public static boolean isUpgrade(HttpServletRequest request) {
    return !(Handshake.of(request) instanceof Handshake.None);
  }

  @Override
  public void init(FilterConfig config) {
    browsers = ContainerApis.find(config.getServletContext(), sender);
    missing().ifPresent(what -> LOG.warn("No consoles: {} is missing", what));
  }

  @Override
  public void destroy() {
    sender.close();
  }

  @Override
  public void doFilter(ServletRequest from, ServletResponse to, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) from;
    HttpServletResponse response = (HttpServletResponse) to;
    if (request.getAttribute(PENDING) instanceof Pending pending) {
      request.removeAttribute(PENDING);
      answer(request, response, pending);
      return;
    }
    Handshake handshake = Handshake.of(request);
    if (handshake instanceof Handshake.Upgrade upgrade) {
      begin(request, response, upgrade.offered());
    } else if (handshake instanceof Handshake.Malformed) {
      FailurePages.send(request, response, Failure.BAD_REQUEST);
    } else {
      chain.doFilter(request, response);
    }
  }

  private void begin(HttpServletRequest request, HttpServletResponse response, List<String> offered)
      throws IOException {
    if (!(request.getAttribute(BmcRequest.ATTRIBUTE) instanceof BmcRequest to)) {
      FailurePages.send(request, response, Failure.NO_SESSION);
    } else if (browsers.isEmpty()) {
      FailurePages.send(request, response, Failure.NO_CONSOLE);
    } else if (!isTarget(to.target())) {
      FailurePages.send(request, response, Failure.BAD_REQUEST);
    } else {
      dial(request, response, to, offered);
    }
  }

  private void dial(
      HttpServletRequest request, HttpServletResponse response, BmcRequest to, List<String> offered)
      throws IOException {
    SocketRoute route = to.bmc().profile().socketOf(pathOf(to.target()), offered);
    Plant running = plant();
    Bridge bridge = running.consoles().create(Bounds.of(route));
    Place place = places.take(to, bridge);
    if (place instanceof Place.Refused refused) {
      FailurePages.send(request, response, refused.why());
      return;
    }
    RequestAudit trail = RequestAudit.of(request);
    bridge.traffic().tell(trail);
    ConsoleAudit audit = new ConsoleAudit(trail);
    audit.asked();
    running
        .consoles()
        .keep(
            bridge,
            () -> {
              ((Place.Taken) place).registration().close();
              audit.over(bridge.traffic());
            });
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(0);
    try {
      running
          .dialer(to)
          .dial(request, to, route, offered, bridge)
          .thenApply(dialed -> withFallback(dialed, route, offered))
          .thenAccept(dialed -> dispatch(async, new Pending(bridge, dialed, audit)));
    } catch (RuntimeException e) {
      fail(request, response, bridge, e);
    }
  }

  private static void fail(
      HttpServletRequest request,
      HttpServletResponse response,
      Bridge bridge,
      RuntimeException failure)
      throws IOException {
    LOG.warn("An upgrade could not be sent", failure);
    bridge.refused();
    FailurePages.send(request, response, Failure.INTERNAL);
    request.getAsyncContext().complete();
  }

  /** Browsers break off when they offered subprotocols and none is answered. */
  private static Dialed withFallback(Dialed dialed, SocketRoute route, List<String> offered) {
    return dialed instanceof Dialed.Connected connected
        ? new Dialed.Connected(
            connected.subprotocol().or(() -> route.fallbackSubprotocol().filter(offered::contains)))
        : dialed;
  }

  private static void dispatch(AsyncContext async, Pending pending) {
    try {
      async.getRequest().setAttribute(PENDING, pending);
      // Not to its own path: Jetty fails on one like "//". Nothing looks at the path again.
      async.dispatch("/");
    } catch (IllegalStateException gone) {
      // The browser left while the BMC was asked, and the container has ended the request.
      pending.bridge().refused();
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, Pending pending)
      throws IOException {
    Bridge bridge = pending.bridge();
    Optional<Failure> ended = bridge.ended().map(ConsoleFilter::failure);
    if (ended.isPresent()) {
      bridge.refused();
      FailurePages.send(request, response, ended.get());
    } else if (pending.dialed() instanceof Dialed.Refused
        && Mediation.of(request).refusal().isPresent()) {
      bridge.refusedWith(Close.refused(Mediation.of(request).refusal().get()));
      join(request, response, pending, Optional.empty());
    } else if (pending.dialed() instanceof Dialed.Refused refused) {
      bridge.refused();
      response.setStatus(refused.status());
      response.setContentLength(0);
    } else if (pending.dialed() instanceof Dialed.Failed failed) {
      bridge.refused();
      LOG.debug("upgrade failed", failed.cause());
      FailurePages.send(request, response, way(request).failure(failed.cause()));
    } else if (pending.dialed() instanceof Dialed.Connected connected) {
      join(request, response, pending, Mediation.of(request).answered(connected.subprotocol()));
    }
  }

  private void join(
      HttpServletRequest request,
      HttpServletResponse response,
      Pending pending,
      Optional<String> subprotocol)
      throws IOException {
    Bridge bridge = pending.bridge();
    pending.audit().started();
    try {
      bridge.awaitBrowser();
      farEnd(request).ifPresent(bridge::browserAt);
      browsers.orElseThrow().accept(request, response, bridge, subprotocol);
    } catch (Exception e) {
      LOG.debug("the container refused the upgrade", e);
      bridge.browserClosed(Close.LOST);
      FailurePages.send(request, response, Failure.BAD_REQUEST);
    }
  }

  private SocketWay way(HttpServletRequest request) {
    return request.getAttribute(BmcRequest.ATTRIBUTE) instanceof BmcRequest to
            && to.upstream().isPresent()
        ? upstreams.orElseThrow()
        : bmcs;
  }

  private static Optional<FarEnd> farEnd(HttpServletRequest request) {
    Optional<InetAddress> local = IpAddresses.parse(request.getLocalAddr());
    Optional<InetAddress> remote = IpAddresses.parse(request.getRemoteAddr());
    return local.isEmpty() || remote.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new FarEnd(
                new InetSocketAddress(local.get(), request.getLocalPort()),
                new InetSocketAddress(remote.get(), request.getRemotePort())));
  }

  private static Failure failure(End reason) {
    return switch (reason) {
      case EXPIRED, LOGGED_OUT -> Failure.EXPIRED_TOKEN;
      case REVOKED -> Failure.INVALID_TOKEN;
      case SHUTDOWN -> Failure.DRAINING;
    };
  }

  /** It goes out as it is, so it must not end the request line. */
  private static boolean isTarget(String target) {
    return target.startsWith("/") && target.chars().allMatch(c -> c > ' ' && c != 0x7f);
  }

  private static String pathOf(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  private synchronized Plant plant() {
    if (plant.isEmpty()) {
      HttpClient started = client.get();
      plant =
          Optional.of(
              new Plant(
                  new BmcDialer(bmcs, timing),
                  upstreams.map(way -> new BmcDialer(way, timing)),
                  new Consoles(timing, started.getScheduler(), TcpTable.ofKernel())));
    }
    return plant.get();
  }
}
