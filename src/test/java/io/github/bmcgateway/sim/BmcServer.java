package io.github.bmcgateway.sim;

import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/**
 * The embedded web server under a simulated BMC: HTTP/1.1 over TLS, raw targets of any shape,
 * header names as sent, a small thread pool, and a keep-alive that ends after a fixed number of
 * requests, as on the small web servers of BMCs.
 *
 * <p>Thread-safe once started.
 */
public final class BmcServer implements UnitServer {

  /**
   * How a unit's web server behaves.
   *
   * @param host loopback address to bind, {@code "127.0.0.1"} or {@code "::1"}
   * @param port port to bind; 0 for any free one
   * @param keyStore key and certificate, made by {@link TestCertificates}
   * @param latencyMin least time before each answer
   * @param latencyMax most time before each answer
   * @param requestsPerConnection after so many answers the connection is closed
   * @param idle idle HTTP connections are closed after this time
   * @param maxConnections more HTTP connections at a time are a violation
   * @param tls what is offered in the handshake
   */
  public record Options(
      String host,
      int port,
      KeyStore keyStore,
      Duration latencyMin,
      Duration latencyMax,
      int requestsPerConnection,
      Duration idle,
      int maxConnections,
      Tls tls) {}

  /**
   * What a unit offers in the TLS handshake.
   *
   * @param protocols such as {@code "TLSv1.2"}; empty for Jetty's choice
   * @param suites cipher suites by their JSSE names; empty for Jetty's choice
   */
  public record Tls(List<String> protocols, List<String> suites) {}

  /** What a vendor answers. Must answer every exchange. */
  @FunctionalInterface
  public interface Site {
    /** Answers one request; may block. An exception ends the exchange with 500. */
    void answer(Exchange exchange) throws Exception;
  }

  private final Options options;
  private final Site site;
  private final Recorder recorder;
  private final Optional<BmcServer> main;
  private final AtomicInteger requests = new AtomicInteger();
  private final Server server;
  private final ServerConnector connector;
  private final WebSocketMappings sockets;
  private volatile int port;
  private volatile RequestRules rules = new RequestRules("");
  private volatile int maxRequests = Integer.MAX_VALUE;

  /** Prepares a server; {@link #start} binds it. */
  public BmcServer(Options options, Site site) {
    this(options, site, Optional.empty(), new Recorder());
  }

  /**
   * Prepares a further port of a unit. It shares the record of the unit's main port, and takes
   * requests of the main port's pages for its own.
   *
   * @param main the unit's main port, to be started first
   */
  public BmcServer(Options options, Site site, BmcServer main) {
    this(options, site, Optional.of(main), main.recorder);
  }

  private BmcServer(Options options, Site site, Optional<BmcServer> main, Recorder recorder) {
    this.options = options;
    this.site = site;
    this.main = main;
    this.recorder = recorder;
    QueuedThreadPool threads = new QueuedThreadPool(/* maxThreads= */ 24, /* minThreads= */ 4);
    threads.setName("bmc");
    threads.setDaemon(true);
    server = new Server(threads);
    WebSocketComponents components = WebSocketServerComponents.ensureWebSocketComponents(server);
    sockets = new WebSocketMappings(components);
    connector = newConnector();
    server.addConnector(connector);
    server.addBean(sockets);
    server.setHandler(new Entrance());
  }

  private ServerConnector newConnector() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setHttpCompliance(
        HttpCompliance.RFC9110.with("AS_SENT", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
    http.setHeaderCacheCaseSensitive(true);
    http.setRequestHeaderSize(32 * 1024);
    // Jetty would check names against the certificate; a BMC has its own idea of a right Host.
    http.addCustomizer(new SecureRequestCustomizer(/* sniHostCheck= */ false));
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(options.keyStore());
    tls.setKeyStorePassword(TestCertificates.PASSWORD);
    tls.setSniRequired(false);
    if (!options.tls().protocols().isEmpty()) {
      tls.setIncludeProtocols(options.tls().protocols().toArray(new String[0]));
    }
    if (!options.tls().suites().isEmpty()) {
      tls.setIncludeCipherSuites(options.tls().suites().toArray(new String[0]));
    }
    ServerConnector made = new ServerConnector(server, tls, new HttpConnectionFactory(http));
    made.setHost(options.host());
    made.setPort(options.port());
    made.setIdleTimeout(options.idle().toMillis());
    made.addBean(new ConnectionCounter());
    return made;
  }

  /** Answers 503 to more requests at a time and takes them for a violation; before the start. */
  public void limitRequests(int atATime) {
    maxRequests = atATime;
  }

  /** Speaks HTTP without TLS too, on the same port; before the start. */
  public void speakClearTextToo() {
    DetectorConnectionFactory either =
        new DetectorConnectionFactory(connector.getConnectionFactory(SslConnectionFactory.class));
    connector.setConnectionFactories(
        List.of(either, connector.getConnectionFactory(HttpConnectionFactory.class)));
    connector.setDefaultProtocol(either.getProtocol());
  }

  /** Answers with this text to an HTTP/1.1 request without a host; before the start. */
  public void answerBlankHost(String text) {
    ErrorHandler usual = new ErrorHandler();
    server.setErrorHandler(
        (request, response, callback) -> {
          Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
          if (!"Blank Host".equals(message) && !"No Host".equals(message)) {
            return usual.handle(request, response, callback);
          }
          response.getHeaders().put("Content-Type", "text/plain");
          Content.Sink.write(response, /* last= */ true, text, callback);
          return true;
        });
  }

  /** Binds and serves. */
  public void start() throws Exception {
    server.start();
    port = connector.getLocalPort();
    rules = new RequestRules(ownAuthority());
  }

  /**
   * Goes away for a time: cuts every connection, refuses new ones, then serves again on the same
   * port. Blocks until connections are refused.
   */
  public void restart(Duration away) throws Exception {
    connector.setPort(port);
    connector.stop();
    server
        .getScheduler()
        .schedule(() -> server.getThreadPool().execute(() -> LifeCycle.start(connector)), away);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String ownAuthority() {
    return hostInUrl() + ":" + port();
  }

  /** The bound address as it stands in a URL: IPv6 in brackets. */
  public String hostInUrl() {
    return options.host().contains(":") ? "[" + options.host() + "]" : options.host();
  }

  @Override
  public Recorder recorder() {
    return recorder;
  }

  /**
   * Answers an upgrade with 101 and hands the socket over; answers 400 to what is no proper
   * upgrade.
   *
   * <p>The subprotocol is granted if it was offered; extensions are never granted.
   */
  public void upgrade(Exchange exchange, String subprotocol, SimulatedSocket socket) {
    boolean upgraded =
        sockets.upgrade(
            (request, response, callback) -> {
              response.setExtensions(List.of());
              if (request.hasSubProtocol(subprotocol)) {
                response.setAcceptedSubProtocol(subprotocol);
              }
              socket.attach(recorder, exchange.recorded(), request.getComponents().getScheduler());
              return socket;
            },
            exchange.request(),
            exchange.response(),
            exchange.callback(),
            new Configuration.ConfigurationCustomizer());
    if (!upgraded) {
      exchange.reply(400, "text/plain", "Bad Request");
    }
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
    server.destroy();
  }

  /** Records, delays, counts, then lets the vendor answer. */
  private final class Entrance extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      RecordedRequest recorded = new RecordedRequest(request);
      recorded.arrivedAt(Request.getLocalPort(request));
      recorder.request(recorded);
      violations(recorded).forEach(recorder::violation);
      int running = requests.incrementAndGet();
      Request.addCompletionListener(
          request,
          failure -> {
            requests.decrementAndGet();
            recorded.complete(response.getStatus());
          });
      limitKeepAlive(request, response);
      Exchange exchange =
          new Exchange(new Recording(request, recorded), response, callback, recorded);
      long delayMillis = delayMillis();
      if (running > maxRequests) {
        recorder.violation(running + " requests at a time");
        exchange.closing().reply(503, "text/html", "<h1>503 Service Unavailable</h1>");
      } else if (delayMillis == 0) {
        answer(exchange);
      } else {
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> request.getComponents().getExecutor().execute(() -> answer(exchange)),
                Duration.ofMillis(delayMillis));
      }
      return true;
    }

    private List<String> violations(RecordedRequest recorded) {
      List<String> found = new ArrayList<>(rules.violations(recorded));
      main.ifPresent(server -> found.retainAll(server.rules.violations(recorded)));
      return found;
    }

    private void answer(Exchange exchange) {
      try {
        site.answer(exchange);
      } catch (Exception e) {
        Response.writeError(exchange.request(), exchange.response(), exchange.callback(), e);
      }
    }

    private long delayMillis() {
      long min = options.latencyMin().toMillis();
      long max = options.latencyMax().toMillis();
      return max <= min ? min : ThreadLocalRandom.current().nextLong(min, max + 1);
    }

    private void limitKeepAlive(Request request, Response response) {
      if (request.getHeaders().contains("Upgrade")) {
        return;
      }
      long left =
          options.requestsPerConnection()
              - request.getConnectionMetaData().getConnection().getMessagesIn();
      if (left <= 0) {
        response.getHeaders().put("Connection", "close");
      } else {
        response
            .getHeaders()
            .put("Keep-Alive", "timeout=" + options.idle().toSeconds() + ", max=" + left);
      }
    }
  }

  /** Counts and hashes the body as it is read. */
  private static final class Recording extends Request.Wrapper {

    private final RecordedRequest recorded;

    Recording(Request wrapped, RecordedRequest recorded) {
      super(wrapped);
      this.recorded = recorded;
    }

    @Override
    public Content.Chunk read() {
      Content.Chunk chunk = super.read();
      if (chunk != null && chunk.hasRemaining()) {
        recorded.body(chunk.getByteBuffer().duplicate());
      }
      return chunk;
    }
  }

  /** Counts HTTP connections; a connection that became a WebSocket has left the count. */
  private final class ConnectionCounter implements Connection.Listener {

    @Override
    public void onOpened(Connection connection) {
      if (connection instanceof ConnectionMetaData) {
        int open = recorder.connectionOpened();
        if (open > options.maxConnections()) {
          recorder.violation(open + " connections at a time");
        }
      }
    }

    @Override
    public void onClosed(Connection connection) {
      if (connection instanceof ConnectionMetaData) {
        recorder.connectionClosed();
      }
    }
  }
}
