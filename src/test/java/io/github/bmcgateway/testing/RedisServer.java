package io.github.bmcgateway.testing;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;

/**
 * Debian's redis-server on loopback, with a password, that keeps nothing on disk: when it is
 * stopped it forgets everything. Speaks TLS at a second port. Not thread-safe.
 */
public final class RedisServer implements AutoCloseable {
  /** With what a URL has to encode. */
  private static final String PASSWORD = "pass/word:x@y+z";

  private final Path folder;
  private final KeyStore keys;
  // Kept while it is stopped, too.
  private final ReservedPort port = new ReservedPort();
  private final ReservedPort tlsPort = new ReservedPort();
  private Program program;

  private RedisServer(Path folder, KeyStore keys) throws IOException {
    this.folder = folder;
    this.keys = keys;
  }

  /**
   * Starts one.
   *
   * @param folder for its files
   * @param keys its certificate
   */
  public static RedisServer start(Path folder, KeyStore keys)
      throws IOException, InterruptedException {
    RedisServer server = new RedisServer(folder, keys);
    server.resume();
    return server;
  }

  /** Starts it again after {@link #close()}, at the same port and empty. */
  public void resume() throws IOException, InterruptedException {
    String command = Program.find("redis-server", "redis-server");
    Path certificate =
        Files.writeString(folder.resolve("redis.crt"), TestCertificates.chainPem(keys));
    Path key = Files.writeString(folder.resolve("redis.key"), TestCertificates.keyPem(keys));
    Path config =
        Files.writeString(
            folder.resolve("redis.conf"),
            """
            bind 127.0.0.1
            port %d
            tls-port %d
            tls-cert-file %s
            tls-key-file %s
            tls-auth-clients no
            dir %s
            save ""
            appendonly no
            requirepass %s
            """
                .formatted(port.port(), tlsPort.port(), certificate, key, folder, PASSWORD));
    program = Program.start(folder, List.of(command, config.toString()));
    try {
      Eventually.holds("a Redis server that listens", this::listens);
    } catch (AssertionError e) {
      program.close();
      throw new AssertionError(program.errors(), e);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket("127.0.0.1", port.port())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The value of the setting {@code shared.redis}. */
  public String url() {
    return url("redis", "127.0.0.1", port.port());
  }

  /** The same with TLS, by this name of it. */
  public String tlsUrl(String host) {
    return url("rediss", host, tlsPort.port());
  }

  private static String url(String scheme, String host, int port) {
    return scheme + "://:pass%2Fword%3Ax%40y+z@" + host + ":" + port + "/3";
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
  }
}
