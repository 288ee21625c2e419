package io.github.bmcgateway.testing;

import io.github.bmcgateway.entry.GatewayContextListener;
import io.github.bmcgateway.sim.TestCertificates;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.IO;

/**
 * The whole gateway as the container starts it, in a real Jetty on loopback, with settings of its
 * own. It may reach the given ports on loopback.
 */
public final class GatewayFixture implements AutoCloseable {
  /** Tests that wait for something by following links follow many. */
  private static final String MANY_LINKS = "limits: {linksPerMinute: 100000}\n";

  private final Path folder;
  private final JettyFront front;
  private ServletContext servlets;

  private GatewayFixture(Builder builder) throws Exception {
    folder = Files.createTempDirectory("gateway");
    Files.writeString(folder.resolve("gateway.yaml"), builder.yaml());
    for (Map.Entry<String, String> vendor : builder.vendors.entrySet()) {
      Path profiles = Files.createDirectories(folder.resolve("vendors"));
      Files.writeString(profiles.resolve(vendor.getKey() + ".yaml"), vendor.getValue());
    }
    front =
        JettyFront.start(
            builder.at,
            builder.keys,
            context -> {
              servlets = context.getServletContext();
              context.setInitParameter("BMC_GATEWAY_CONFIG", folder.toString());
              context.addEventListener(new GatewayContextListener(builder.clock));
              builder.listeners.forEach(context::addEventListener);
            });
  }

  /** A gateway in front of BMCs at these ports. */
  public static GatewayFixture start(int... bmcPorts) throws Exception {
    return builder(bmcPorts).start();
  }

  public static Builder builder(int... bmcPorts) {
    return new Builder(bmcPorts);
  }

  public int port() {
    return front.port();
  }

  public String origin() {
    return front.origin();
  }

  /** Its settings' file. */
  public Path settings() {
    return folder.resolve("gateway.yaml");
  }

  /**
   * The part of a shutdown that the Jetty base has ahead of {@link #close()}; waits for its end.
   */
  public void drain() {
    ((Runnable) servlets.getAttribute("io.github.bmcgateway.drain")).run();
  }

  /** The session link of a token. */
  public String link(String token) {
    return origin() + "/gpsession?token=" + token;
  }

  @Override
  public void close() throws Exception {
    front.close();
    IO.delete(folder);
  }

  /** Settings of a gateway. */
  public static final class Builder {
    private final String ports;
    private final StringBuilder token = new StringBuilder();
    private final StringBuilder bmc = new StringBuilder();
    private final StringBuilder more = new StringBuilder();
    private final Map<String, String> vendors = new TreeMap<>();
    private final List<ServletRequestListener> listeners = new ArrayList<>();
    private KeyStore keys = TestCertificates.localhost();
    private Clock clock = Clock.systemUTC();
    private InetSocketAddress at = new InetSocketAddress("127.0.0.1", 0);

    private Builder(int... ports) {
      this.ports =
          Arrays.stream(ports).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }

    /** The front's certificate. */
    public Builder keys(KeyStore store) {
      keys = store;
      return this;
    }

    /** Where on loopback it listens; port 0 for any. */
    public Builder at(String address, int port) {
      at = new InetSocketAddress(address, port);
      return this;
    }

    /** Tells the gateway when tokens expire. */
    public Builder clock(Clock time) {
      clock = time;
      return this;
    }

    /** A further top-level part of the settings, as YAML. */
    public Builder yaml(String part) {
      more.append(part).append('\n');
      return this;
    }

    /** A further line of the settings' part {@code token}. */
    public Builder token(String line) {
      token.append("  ").append(line).append('\n');
      return this;
    }

    /** A further line of the settings' part {@code bmc}. */
    public Builder bmc(String line) {
      bmc.append("  ").append(line).append('\n');
      return this;
    }

    /** A vendor profile of the operator's own: a file {@code <vendor>.yaml}. */
    public Builder profile(Path file) throws IOException {
      String name = file.getFileName().toString().replace(".yaml", "");
      return vendor(name, Files.readString(file));
    }

    /** A vendor profile of the operator's own. */
    public Builder vendor(String name, String profile) {
      vendors.put(name, profile);
      return this;
    }

    /** Sees each request ahead of the gateway. */
    public Builder listener(ServletRequestListener listener) {
      listeners.add(listener);
      return this;
    }

    private String yaml() {
      return """
          token:
            key: %s
          %sbmc:
            networks: ["127.0.0.0/8", "::1/128"]
            ports: [%s]
          """
              .formatted(Tokens.KEY, token, ports)
          + bmc
          + (more.indexOf("limits:") < 0 ? MANY_LINKS : "")
          + more;
    }

    public GatewayFixture start() throws Exception {
      return new GatewayFixture(this);
    }
  }
}
