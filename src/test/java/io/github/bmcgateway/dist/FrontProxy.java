package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Program;
import io.github.bmcgateway.testing.ReservedPort;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;

/**
 * A reverse proxy of others in front of a gateway on 127.0.0.1, with the repository's example as
 * its configuration; only ports, paths and users are other than there. It logs to where {@link
 * #logged} reads.
 */
final class FrontProxy implements AutoCloseable {
  /** What matters of the file in which Debian includes the example; gzip is on there. */
  private static final String NGINX_CONF =
      """
      daemon off;
      worker_processes 1;
      pid nginx.pid;
      events { worker_connections 768; }
      http {
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        gzip on;
        include site.conf;
      }
      """;

  private final Program program;
  private final List<ReservedPort> ports;

  private FrontProxy(Program program, List<ReservedPort> ports) throws InterruptedException {
    this.program = program;
    this.ports = ports;
    try {
      Eventually.holds("a proxy that listens", this::listens);
    } catch (AssertionError e) {
      program.close();
      throw new AssertionError(program.errors(), e);
    }
  }

  /** nginx, with the given certificate and trust in the gateway's. */
  static FrontProxy nginx(Path folder, KeyStore keys, int gatewayPort, KeyStore gatewayKeys)
      throws Exception {
    String program = Program.find("nginx", "nginx");
    List<ReservedPort> ports = reservedPorts();
    Files.writeString(folder.resolve("chain.pem"), TestCertificates.chainPem(keys));
    Files.writeString(folder.resolve("key.pem"), TestCertificates.keyPem(keys));
    Files.writeString(folder.resolve("gateway.crt"), TestCertificates.chainPem(gatewayKeys));
    String others =
        """
        listen 80; => listen 127.0.0.1:%d;
        listen [::]:80; => listen 127.0.0.1:%d;
        listen 443 ssl => listen 127.0.0.1:%d ssl
        listen [::]:443 ssl => listen 127.0.0.1:%d ssl
        server 127.0.0.1:8443; => server 127.0.0.1:%d;
        /etc/nginx/pm.example.com/fullchain.pem => chain.pem
        /etc/nginx/pm.example.com/privkey.pem => key.pem
        /etc/nginx/bmc-gateway.crt => gateway.crt
        /var/log/nginx/bmc-gateway.log => /dev/stdout
        /var/log/nginx/bmc-gateway-error.log => /dev/stderr
        """
            .formatted(
                ports.get(1).port(),
                ports.get(2).port(),
                ports.get(0).port(),
                ports.get(3).port(),
                gatewayPort);
    Files.writeString(folder.resolve("site.conf"), example("nginx.conf.example", others));
    Path config = Files.writeString(folder.resolve("nginx.conf"), NGINX_CONF);
    List<String> command = List.of(program, "-p", folder + "/", "-c", config.toString());
    return new FrontProxy(Program.start(folder, command), ports);
  }

  /** HAProxy, with the given certificate and trust in the gateway's. */
  static FrontProxy haproxy(Path folder, KeyStore keys, int gatewayPort, KeyStore gatewayKeys)
      throws Exception {
    String program = Program.find("haproxy", "haproxy");
    List<ReservedPort> ports = reservedPorts();
    String node = "gateway 127.0.0.1:8443 ssl => gateway 127.0.0.1:" + gatewayPort + " ssl\n";
    String others = node + haproxyPlaces(folder, keys, gatewayKeys, ports);
    return haproxy(folder, program, ports, example("haproxy.cfg.example", others));
  }

  /** HAProxy in front of several nodes of a gateway. */
  static FrontProxy haproxyOfNodes(Path folder, KeyStore keys, List<Integer> nodePorts)
      throws Exception {
    String program = Program.find("haproxy", "haproxy");
    List<ReservedPort> ports = reservedPorts();
    String front = example("haproxy.cfg.example", haproxyPlaces(folder, keys, keys, ports));
    String others =
        """
        10.1.0.11:8443 => 127.0.0.1:%d
        10.1.0.12:8443 => 127.0.0.1:%d
        10.1.0.13:8443 => 127.0.0.1:%d
        gateway.internal => localhost
        /etc/haproxy/bmc-gateway.crt => %s/gateway.crt
        """
            .formatted(nodePorts.get(0), nodePorts.get(1), nodePorts.get(2), folder);
    String backend = example("haproxy-nodes.cfg.example", others);
    String text = front.substring(0, front.indexOf("\nbackend bmc_gateway\n") + 1) + backend;
    return haproxy(folder, program, ports, text);
  }

  /** What is other than in the example, but for where the gateway is; writes the certificates. */
  private static String haproxyPlaces(
      Path folder, KeyStore keys, KeyStore gatewayKeys, List<ReservedPort> ports) throws Exception {
    String pair = TestCertificates.chainPem(keys) + TestCertificates.keyPem(keys);
    Files.writeString(folder.resolve("pair.pem"), pair);
    Files.writeString(folder.resolve("gateway.crt"), TestCertificates.chainPem(gatewayKeys));
    return """
        bind :80 => bind 127.0.0.1:%d
        bind [::]:80 v6only => bind 127.0.0.1:%d
        bind :443 ssl => bind 127.0.0.1:%d ssl
        bind [::]:443 v6only ssl => bind 127.0.0.1:%d ssl
        /etc/haproxy/ => %s/
        /pm.example.com.pem => /pair.pem
        /bmc-gateway.crt => /gateway.crt
        log /dev/log local0 => log stdout format raw local0
        user haproxy => # user haproxy
        group haproxy => # group haproxy
        maxconn 20000 => maxconn 200
        """
        .formatted(
            ports.get(1).port(),
            ports.get(2).port(),
            ports.get(0).port(),
            ports.get(3).port(),
            folder);
  }

  private static FrontProxy haproxy(
      Path folder, String program, List<ReservedPort> ports, String text) throws Exception {
    Path config = Files.writeString(folder.resolve("haproxy.cfg"), text);
    List<String> command = List.of(program, "-db", "-f", config.toString());
    return new FrontProxy(Program.start(folder, command), ports);
  }

  private static List<ReservedPort> reservedPorts() throws IOException {
    return List.of(new ReservedPort(), new ReservedPort(), new ReservedPort(), new ReservedPort());
  }

  /** One of the repository's examples, with what stands on the left replaced by the right. */
  private static String example(String name, String others) throws IOException {
    String text = Files.readString(Path.of("webapp-config", name));
    for (String other : others.lines().toList()) {
      String[] sides = other.split(" => ");
      assertTrue(text.contains(sides[0]), () -> name + " is without " + sides[0]);
      text = text.replace(sides[0], sides[1]);
    }
    return text;
  }

  /** Where it serves browsers, with TLS. */
  int port() {
    return ports.get(0).port();
  }

  /** The next line of its access log that holds the text. */
  String logged(String text) {
    String line = program.line();
    while (!line.contains(text)) {
      line = program.line();
    }
    return line;
  }

  private boolean listens() {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
    ports.forEach(ReservedPort::close);
  }
}
