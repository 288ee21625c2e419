package io.github.bmcgateway.dist;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A published Tomcat with the WAR in it, HTTP/1.1 and HTTP/2 over TLS. */
final class Tomcat implements Server {

  private final Path home;
  private final Path base;
  private final ReservedPort port;
  private final Map<String, String> environment;
  private ServerProcess process;

  private Tomcat(Path home, Path base, ReservedPort port, Map<String, String> environment) {
    this.home = home;
    this.base = base;
    this.port = port;
    this.environment = environment;
  }

  /** Lays out a base for a Tomcat of this major version; the WAR's name gives its context path. */
  static Tomcat prepare(int major, Path base, String warName, Map<String, String> settings)
      throws IOException {
    Path home = Dist.tomcat(major);
    for (String folder : List.of("conf", "logs", "temp", "webapps", "work")) {
      Files.createDirectories(base.resolve(folder));
    }
    Files.copy(home.resolve("conf/web.xml"), base.resolve("conf/web.xml"));
    Files.copy(
        Dist.war(), base.resolve("webapps").resolve(warName), StandardCopyOption.REPLACE_EXISTING);
    Dist.writePair(base.resolve("conf"), TestCertificates.localhost());
    ReservedPort port = new ReservedPort();
    Files.writeString(base.resolve("conf/server.xml"), serverXml(port.port()));
    Map<String, String> environment = new HashMap<>();
    environment.put("CATALINA_HOME", home.toString());
    environment.put("CATALINA_BASE", base.toString());
    if (!settings.containsKey("BMC_GATEWAY_CONFIG")) {
      environment.put("JWT_KEY", Tokens.KEY);
    }
    environment.putAll(settings);
    return new Tomcat(home, base, port, environment);
  }

  /** The connector has the attributes that {@code run-tomcat.md} names. */
  private static String serverXml(int port) {
    return """
    <Server port="-1" shutdown="no">
      <Service name="Catalina">
        <Connector address="127.0.0.1" port="%d" scheme="https" secure="true" SSLEnabled="true"
                   maxHttpRequestHeaderSize="32768" maxHttpResponseHeaderSize="131072"
                   relaxedPathChars="[]|" relaxedQueryChars="[]|{}"
                   encodedSolidusHandling="passthrough">
          <UpgradeProtocol className="org.apache.coyote.http2.Http2Protocol"/>
          <SSLHostConfig>
            <Certificate certificateFile="conf/origin.crt" certificateKeyFile="conf/origin.key"/>
          </SSLHostConfig>
        </Connector>
        <Engine name="Catalina" defaultHost="localhost">
          <Host name="localhost" appBase="webapps"/>
        </Engine>
      </Service>
    </Server>
    """
        .formatted(port);
  }

  @Override
  public void start() throws IOException, InterruptedException {
    process =
        ServerProcess.start(
            base, environment, List.of("sh", home.resolve("bin/catalina.sh").toString(), "run"));
    Browser browser = browser();
    process.await("answer", browser::answers);
  }

  @Override
  public Browser browser() {
    return new Browser(port.port());
  }

  @Override
  public void renew(KeyStore pair) throws IOException {
    Dist.writePair(base.resolve("conf"), pair);
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
