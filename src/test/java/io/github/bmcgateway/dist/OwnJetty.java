package io.github.bmcgateway.dist;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A base of the published Jetty as an operator makes it, with the WAR and the settings of {@code
 * run-jetty.md}.
 */
final class OwnJetty implements Server {

  private static final String SETTINGS =
      """
      jetty.httpConfig.requestHeaderSize=32768
      jetty.httpConfig.maxResponseHeaderSize=131072
      jetty.httpConfig.compliance=STRICT
      jetty.httpConfig.uriCompliance=RFC3986,AMBIGUOUS_EMPTY_SEGMENT,AMBIGUOUS_PATH_SEPARATOR,AMBIGUOUS_PATH_ENCODING,ILLEGAL_PATH_CHARACTERS
      jetty.httpConfig.sendServerVersion=false
      """;

  private final Path base;
  private final ReservedPort port;
  private final Map<String, String> environment;
  private ServerProcess process;

  private OwnJetty(Path base, ReservedPort port, Map<String, String> environment) {
    this.base = base;
    this.port = port;
    this.environment = environment;
  }

  /** Makes a base with these modules. */
  static OwnJetty prepare(Path base, String modules, Map<String, String> settings)
      throws Exception {
    try (ServerProcess layout =
        ServerProcess.start(
            base, Map.of(), command(System.getProperty("java.home"), "--add-modules=" + modules))) {
      layout.awaitExit(Duration.ofSeconds(60));
    }
    Files.writeString(base.resolve("start.d/settings.ini"), SETTINGS);
    Files.copy(Dist.war(), base.resolve("webapps/ROOT.war"));
    Files.createDirectories(base.resolve("etc"));
    Map<String, String> environment = new HashMap<>(settings);
    if (!settings.containsKey("BMC_GATEWAY_CONFIG")) {
      environment.put("JWT_KEY", Tokens.KEY);
    }
    OwnJetty jetty = new OwnJetty(base, new ReservedPort(), environment);
    jetty.renew(TestCertificates.localhost());
    return jetty;
  }

  private static List<String> command(String javaHome, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(javaHome + "/bin/java");
    command.add("-jar");
    command.add(Dist.jettyHome().resolve("start.jar").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  @Override
  public void start() throws IOException, InterruptedException {
    process =
        ServerProcess.start(
            base,
            environment,
            command(
                environment.getOrDefault("JAVA_HOME", System.getProperty("java.home")),
                "jetty.ssl.host=127.0.0.1",
                "jetty.ssl.port=" + port.port(),
                "jetty.sslContext.keyStorePassword=" + TestCertificates.PASSWORD));
    Browser browser = browser();
    process.await("answer", browser::answers);
  }

  @Override
  public Browser browser() {
    return new Browser(port.port());
  }

  @Override
  public void renew(KeyStore pair) throws Exception {
    Path fresh = base.resolve("etc/keystore.new");
    try (OutputStream out = Files.newOutputStream(fresh)) {
      pair.store(out, TestCertificates.PASSWORD.toCharArray());
    }
    Files.move(fresh, base.resolve("etc/keystore.p12"), StandardCopyOption.REPLACE_EXISTING);
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
