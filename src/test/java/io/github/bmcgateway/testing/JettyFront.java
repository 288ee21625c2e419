package io.github.bmcgateway.testing;

import io.github.bmcgateway.jettybase.GoneBrowsers;
import io.github.bmcgateway.jettybase.InlineConsoles;
import io.github.bmcgateway.sim.TestCertificates;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A real Jetty on loopback: TLS, HTTP/1.1 and HTTP/2, Jetty's WebSocket API, set up as jetty-base
 * is.
 */
public final class JettyFront implements AutoCloseable {
  /** A WebSocket module of Jetty. */
  public enum WebSocketApi {
    JETTY,
    JAKARTA;

    private void configure(ServletContextHandler context) {
      switch (this) {
        case JETTY -> JettyWebSocketServletContainerInitializer.configure(context, null);
        case JAKARTA -> JakartaWebSocketServletContainerInitializer.configure(context, null);
      }
    }
  }

  private final Server server = new Server();
  private final ServerConnector connector;

  private JettyFront(
      InetSocketAddress at,
      KeyStore keys,
      Set<WebSocketApi> apis,
      Consumer<ServletContextHandler> content)
      throws Exception {
    connector = connector(server, keys);
    connector.setHost(at.getHostString());
    connector.setPort(at.getPort());
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    apis.forEach(api -> api.configure(context));
    content.accept(context);
    server.setHandler(context);
    server.setStopTimeout(0);
    server.start();
  }

  /** Starts a server whose only web application is what {@code content} makes of the context. */
  public static JettyFront start(Consumer<ServletContextHandler> content) throws Exception {
    return start(TestCertificates.localhost(), content);
  }

  public static JettyFront start(KeyStore keys, Consumer<ServletContextHandler> content)
      throws Exception {
    return start(keys, Set.of(WebSocketApi.JETTY), content);
  }

  /** As {@link #start}, in a container that offers just these WebSocket APIs. */
  public static JettyFront start(
      KeyStore keys, Set<WebSocketApi> apis, Consumer<ServletContextHandler> content)
      throws Exception {
    return new JettyFront(new InetSocketAddress("127.0.0.1", 0), keys, apis, content);
  }

  /** As {@link #start}, at an address on loopback and a port of its own; 0 for any. */
  public static JettyFront start(
      InetSocketAddress at, KeyStore keys, Consumer<ServletContextHandler> content)
      throws Exception {
    return new JettyFront(at, keys, Set.of(WebSocketApi.JETTY), content);
  }

  private static ServerConnector connector(Server server, KeyStore keys) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(32 * 1024);
    http.setResponseHeaderSize(128 * 1024);
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setHttpCompliance(
        HttpCompliance.RFC9110.without(
            "no-bare-lf", HttpCompliance.Violation.LF_HEADER_TERMINATION));
    http.addCustomizer(new SecureRequestCustomizer(/* sniHostCheck= */ false));
    http.addCustomizer(new GoneBrowsers());
    HTTP2ServerConnectionFactory h2 = new HTTP2ServerConnectionFactory(http);
    h2.setConnectProtocolEnabled(false);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol("http/1.1");
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStore(keys);
    tls.setKeyStorePassword(TestCertificates.PASSWORD);
    ServerConnector connector =
        new ServerConnector(
            server, new InlineConsoles(tls, "alpn"), alpn, h2, new HttpConnectionFactory(http));
    return connector;
  }

  public int port() {
    return connector.getLocalPort();
  }

  public String origin() {
    return "https://localhost:" + port();
  }

  /** The container itself, for tests that stop or inspect it. */
  public Server server() {
    return server;
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
