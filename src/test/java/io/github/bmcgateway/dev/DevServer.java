package io.github.bmcgateway.dev;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.SecuredRedirectHandler;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Prepares the server of {@code mvn jetty:run}: a fresh certificate, the redirect from http, and
 * simulated BMCs unless there are settings for real ones.
 *
 * <p>{@code src/test/dev/start.xml} calls it within the plugin's process, so that the web
 * application itself is the one that is deployed, without any class of the tests.
 */
public final class DevServer {

  private static final int HTTP_PORT = 8080;
  private static final int HTTPS_PORT = 8443;
  private static final List<String> REAL_SETTINGS =
      List.of("JWT_KEY", "JWT_KEY_FILE", "BMC_GATEWAY_CONFIG");

  private DevServer() {}

  /**
   * Makes everything that must be there before the connectors and the web application.
   *
   * @param server the plugin's server, not yet started
   * @param folder where files may be written; made if it isn't there
   */
  public static void prepare(Server server, String folder) throws IOException {
    Path base = Files.createDirectories(Path.of(folder));
    int httpsPort = Integer.getInteger("bmcgateway.port", HTTPS_PORT);
    writeCertificate(base);
    server.addConnector(redirectConnector(server, httpsPort));
    server.addEventListener(new RedirectToHttps(server));
    if (!realSettings()) {
      DevBmcs bmcs = new DevBmcs(base, httpsPort, System.out);
      server.addBean(bmcs);
      server.addEventListener(bmcs);
    }
  }

  private static void writeCertificate(Path base) throws IOException {
    KeyStore store = TestCertificates.localhost();
    Files.writeString(base.resolve("origin.crt"), TestCertificates.chainPem(store));
    Files.writeString(base.resolve("origin.key"), TestCertificates.keyPem(store));
  }

  private static ServerConnector redirectConnector(Server server, int httpsPort) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSecurePort(httpsPort);
    ServerConnector connector =
        new ServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.getInteger("bmcgateway.httpPort", HTTP_PORT));
    return connector;
  }

  private static boolean realSettings() {
    return REAL_SETTINGS.stream()
        .anyMatch(name -> System.getenv(name) != null || System.getProperty(name) != null);
  }

  /** Wraps the handlers that the plugin has put together by the time the server starts. */
  private record RedirectToHttps(Server server) implements LifeCycle.Listener {

    @Override
    public void lifeCycleStarting(LifeCycle starting) {
      server.insertHandler(new SecuredRedirectHandler());
    }
  }
}
