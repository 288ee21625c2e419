package io.github.bmcgateway.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Debian's redis-server on loopback, with a password, that keeps nothing on disk: when it is
 * stopped it forgets everything. Not thread-safe.
 */
public final class RedisServer implements AutoCloseable {
  /** With what a URL has to encode. */
  private static final String PASSWORD = "pass/word:x@y+z";

  private final Path folder;
  private final int port;
  private Program program;

  private RedisServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param folder for its files
   */
  public static RedisServer start(Path folder) throws IOException, InterruptedException {
    RedisServer server = new RedisServer(folder, freePort());
    server.resume();
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Starts it again after {@link #close()}, at the same port and empty. */
  public void resume() throws IOException, InterruptedException {
    String command = Program.find("redis-server", "redis-server");
    Path config =
        Files.writeString(
            folder.resolve("redis.conf"),
            """
            bind 127.0.0.1
            port %d
            dir %s
            save ""
            appendonly no
            requirepass %s
            """
                .formatted(port, folder, PASSWORD));
    program = Program.start(folder, List.of(command, config.toString()));
    try {
      Eventually.holds("a Redis server that listens", this::listens);
    } catch (AssertionError e) {
      program.close();
      throw new AssertionError(program.errors(), e);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The value of the setting {@code shared.redis}. */
  public String url() {
    return "redis://:pass%2Fword%3Ax%40y+z@127.0.0.1:" + port + "/3";
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
  }
}
