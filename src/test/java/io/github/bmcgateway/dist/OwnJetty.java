package io.github.bmcgateway.dist;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private final int port;
  private final Map<String, String> environment;
  private ServerProcess process;

  private OwnJetty(Path base, int port, Map<String, String> environment) {
    this.base = base;
    this.port = port;
    this.environment = environment;
  }

  /** Makes a base with these modules. */
  static OwnJetty prepare(Path base, String modules, Map<String, String> settings)
      throws Exception {
    try (ServerProcess jetty =
        ServerProcess.start(base, Map.of(), command("--add-modules=" + modules))) {
      jetty.awaitExit(Duration.ofSeconds(60));
    }
    Files.writeString(base.resolve("start.d/settings.ini"), SETTINGS);
    Files.copy(Dist.war(), base.resolve("webapps/ROOT.war"));
    Files.createDirectories(base.resolve("etc"));
    try (OutputStream out = Files.newOutputStream(base.resolve("etc/keystore.p12"))) {
      TestCertificates.localhost().store(out, TestCertificates.PASSWORD.toCharArray());
    }
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("JWT_KEY", Tokens.KEY);
    return new OwnJetty(base, ServerProcess.freePort(), environment);
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
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
                "jetty.ssl.host=127.0.0.1",
                "jetty.ssl.port=" + port,
                "jetty.sslContext.keyStorePassword=" + TestCertificates.PASSWORD));
    Browser browser = browser();
    process.await("answer", browser::answers);
  }

  @Override
  public Browser browser() {
    return new Browser(port);
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
  }
}
