package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Program;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A reverse proxy of others in front of a gateway on 127.0.0.1, with the repository's example as
 * its configuration; only ports, paths and users are other than there. It logs to where {@link
 * #logged} reads.
 */
final class FrontProxy implements AutoCloseable {
  private final Program program;
  private final int port;

  private FrontProxy(Program program, int port) throws InterruptedException {
    this.program = program;
    this.port = port;
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
    List<Integer> ports = freePorts();
    String site =
        example(
            "nginx.conf.example",
            Map.of(
                "listen 80;",
                "listen 127.0.0.1:" + ports.get(1) + ";",
                "listen [::]:80;",
                "listen 127.0.0.1:" + ports.get(2) + ";",
                "listen 443 ",
                "listen 127.0.0.1:" + ports.get(0) + " ",
                "listen [::]:443 ",
                "listen 127.0.0.1:" + ports.get(3) + " ",
                "/etc/nginx/pm.example.com/fullchain.pem",
                "chain.pem",
                "/etc/nginx/pm.example.com/privkey.pem",
                "key.pem",
                "/etc/nginx/bmc-gateway.crt",
                "gateway.crt",
                "/var/log/nginx/bmc-gateway.log",
                "/dev/stdout",
                "/var/log/nginx/bmc-gateway-error.log",
                "/dev/stderr",
                "server 127.0.0.1:8443;",
                "server 127.0.0.1:" + gatewayPort + ";"));
    Files.writeString(folder.resolve("chain.pem"), TestCertificates.chainPem(keys));
    Files.writeString(folder.resolve("key.pem"), TestCertificates.keyPem(keys));
    Files.writeString(folder.resolve("gateway.crt"), TestCertificates.chainPem(gatewayKeys));
    Files.writeString(folder.resolve("site.conf"), site);
    // What matters of the file that Debian includes it in; gzip is on there.
    Files.writeString(
        folder.resolve("nginx.conf"),
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
        """);
    String config = folder.resolve("nginx.conf").toString();
    return new FrontProxy(
        Program.start(folder, List.of(program, "-p", folder + "/", "-c", config)), ports.get(0));
  }

  /** HAProxy, with the given certificate and trust in the gateway's. */
  static FrontProxy haproxy(Path folder, KeyStore keys, int gatewayPort, KeyStore gatewayKeys)
      throws Exception {
    String program = Program.find("haproxy", "haproxy");
    List<Integer> ports = freePorts();
    Path pair = folder.resolve("pair.pem");
    Path trusted = folder.resolve("gateway.crt");
    String config =
        example(
            "haproxy.cfg.example",
            Map.of(
                "bind :80\n",
                "bind 127.0.0.1:" + ports.get(1) + "\n",
                "bind [::]:80 v6only",
                "bind 127.0.0.1:" + ports.get(2),
                "bind :443 ",
                "bind 127.0.0.1:" + ports.get(0) + " ",
                "bind [::]:443 v6only ",
                "bind 127.0.0.1:" + ports.get(3) + " ",
                "/etc/haproxy/pm.example.com.pem",
                pair.toString(),
                "/etc/haproxy/bmc-gateway.crt",
                trusted.toString(),
                "log /dev/log local0",
                "log stdout format raw local0",
                "    user haproxy\n    group haproxy\n",
                "",
                "maxconn 20000",
                "maxconn 200",
                "server gateway 127.0.0.1:8443 ",
                "server gateway 127.0.0.1:" + gatewayPort + " "));
    Files.writeString(pair, TestCertificates.chainPem(keys) + TestCertificates.keyPem(keys));
    Files.writeString(trusted, TestCertificates.chainPem(gatewayKeys));
    Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
    return new FrontProxy(
        Program.start(folder, List.of(program, "-db", "-f", file.toString())), ports.get(0));
  }

  /** Four different ports that were free a moment ago. */
  private static List<Integer> freePorts() throws IOException {
    try (ServerSocket first = new ServerSocket(0);
        ServerSocket second = new ServerSocket(0);
        ServerSocket third = new ServerSocket(0);
        ServerSocket fourth = new ServerSocket(0)) {
      return Stream.of(first, second, third, fourth).map(ServerSocket::getLocalPort).toList();
    }
  }

  private static String example(String name, Map<String, String> others) throws IOException {
    String text = Files.readString(Path.of("webapp-config", name));
    for (Map.Entry<String, String> other : others.entrySet()) {
      assertTrue(text.contains(other.getKey()), () -> name + " is without " + other.getKey());
      text = text.replace(other.getKey(), other.getValue());
    }
    return text;
  }

  /** Where it serves browsers, with TLS. */
  int port() {
    return port;
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
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
  }
}
