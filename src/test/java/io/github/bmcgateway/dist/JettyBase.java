package io.github.bmcgateway.dist;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An unpacked Jetty base with a certificate, and the process that {@code bin/bmc-gateway} becomes.
 */
final class JettyBase implements Server {

  private final Path folder;
  private final ReservedPort port;
  private final Map<String, String> environment;
  private List<String> arguments = List.of();
  private ServerProcess process;

  private JettyBase(Path folder, ReservedPort port, Map<String, String> environment) {
    this.folder = folder;
    this.port = port;
    this.environment = environment;
  }

  /** Unpacks the base, to listen on a free port of 127.0.0.1 with the given further settings. */
  static JettyBase unpack(Path parent, Map<String, String> settings) throws Exception {
    Path folder = Dist.unpackJettyBase(parent);
    Dist.writePair(folder, TestCertificates.localhost());
    ReservedPort port = new ReservedPort();
    Map<String, String> environment = new HashMap<>();
    environment.put("JETTY_HOME", Dist.jettyHome().toString());
    if (!settings.containsKey("BMC_GATEWAY_CONFIG")) {
      environment.put("JWT_KEY", Tokens.KEY);
    }
    environment.put("LISTEN", "127.0.0.1:" + port.port());
    environment.putAll(settings);
    return new JettyBase(folder, port, environment);
  }

  @Override
  public void start() throws IOException, InterruptedException {
    launch();
    Browser browser = browser();
    process.await("answer", browser::answers);
  }

  /** Further arguments of the start script. */
  JettyBase with(String... further) {
    arguments = List.of(further);
    return this;
  }

  /** Starts it without waiting. */
  void launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add("bin/bmc-gateway");
    command.add("bmcgateway.certificateScanSeconds=1");
    command.addAll(arguments);
    process = ServerProcess.start(folder, environment, command);
  }

  /** Where it is unpacked. */
  Path folder() {
    return folder;
  }

  @Override
  public Browser browser() {
    return new Browser(port.port());
  }

  @Override
  public void renew(KeyStore pair) throws IOException {
    Dist.writePair(folder, pair);
  }

  @Override
  public ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    port.close();
  }
}
