package io.github.bmcgateway.dist;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An unpacked Jetty base with a certificate, and the process that {@code bin/bmc-gateway} becomes.
 */
final class JettyBase implements AutoCloseable {

  /** A key that is good for tests. */
  static final String KEY = "3e1f8b0c6d5a49728e7b1c0d9f2a4b6c8d0e1f2a3b4c5d6e7f8091a2b3c4d5e6";

  private final Path folder;
  private final int port;
  private final Map<String, String> environment;
  private ServerProcess process;

  private JettyBase(Path folder, int port, Map<String, String> environment) {
    this.folder = folder;
    this.port = port;
    this.environment = environment;
  }

  /** Unpacks the base, to listen on a free port of 127.0.0.1 with the given further settings. */
  static JettyBase unpack(Path parent, Map<String, String> settings) throws Exception {
    Path folder = Dist.unpackJettyBase(parent);
    Dist.writePair(folder, TestCertificates.localhost());
    int port = ServerProcess.freePort();
    Map<String, String> environment = new HashMap<>();
    environment.put("JETTY_HOME", Dist.jettyHome().toString());
    environment.put("JWT_KEY", KEY);
    environment.put("LISTEN", "127.0.0.1:" + port);
    environment.putAll(settings);
    return new JettyBase(folder, port, environment);
  }

  /** Starts it and waits until it answers. */
  void start() throws IOException, InterruptedException {
    launch();
    Browser browser = browser();
    process.await("answer", browser::answers);
  }

  /** Starts it without waiting. */
  void launch() throws IOException {
    process =
        ServerProcess.start(
            folder, environment, List.of("bin/bmc-gateway", "bmcgateway.certificateScanSeconds=1"));
  }

  /** Where it is unpacked. */
  Path folder() {
    return folder;
  }

  /** The port it listens on. */
  int port() {
    return port;
  }

  /** A client of its own. */
  Browser browser() {
    return new Browser(port);
  }

  /** The running process. */
  ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
