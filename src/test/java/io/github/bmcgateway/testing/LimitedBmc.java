package io.github.bmcgateway.testing;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;

/**
 * A web server on loopback that bears so much and no more, as BMCs do: it hangs up on a connection
 * beyond its places, on one that is unused for a time, and after a number of requests. Answers
 * every request with 200, upgrades with 101.
 */
public final class LimitedBmc implements AutoCloseable {
  /**
   * What it bears.
   *
   * @param places connections at a time
   * @param idle how long a connection may be unused
   * @param requests of one connection
   * @param work how long each answer takes
   */
  public record Bounds(int places, Duration idle, int requests, Duration work) {
    public static final Bounds NONE =
        new Bounds(Integer.MAX_VALUE, Duration.ofHours(1), Integer.MAX_VALUE, Duration.ZERO);

    public Bounds places(int count) {
      return new Bounds(count, idle, requests, work);
    }

    public Bounds idle(Duration time) {
      return new Bounds(places, time, requests, work);
    }

    public Bounds requests(int count) {
      return new Bounds(places, idle, count, work);
    }

    public Bounds work(Duration time) {
      return new Bounds(places, idle, requests, time);
    }
  }

  /** How long a connection that its client has closed may go on counting. */
  private static final Duration UNNOTICED = Duration.ofSeconds(10);

  private final Bounds bounds;
  private final SSLServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger hungUp = new AtomicInteger();
  private final AtomicInteger peak = new AtomicInteger();

  private LimitedBmc(Bounds bounds) throws IOException {
    this.bounds = bounds;
    server =
        (SSLServerSocket)
            Tls.server(TestCertificates.selfSigned("limited"))
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    threads.execute(this::accept);
  }

  public static LimitedBmc start(Bounds bounds) throws IOException {
    return new LimitedBmc(bounds);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** The request lines so far, each with the number of its connection before it. */
  public List<String> lines() {
    return lines;
  }

  /** Connections so far that it had a place for. */
  public int connections() {
    return connections.get();
  }

  /** Connections that are open now. */
  public int open() {
    return open.size();
  }

  /** Most connections at a time. */
  public int peak() {
    return peak.get();
  }

  /** Connections for which it had no place. */
  public int refused() {
    return refused.get();
  }

  /** Connections that it hung up on since they were unused, or used up. */
  public int hungUp() {
    return hungUp.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        awaitPlace();
        if (open.size() >= bounds.places()) {
          refused.incrementAndGet();
          socket.close();
        } else {
          open.add(socket);
          peak.accumulateAndGet(open.size(), Math::max);
          int number = connections.incrementAndGet();
          threads.execute(() -> serve(socket, number));
        }
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  /** What its clients have closed doesn't count, once it has come to know of it. */
  private void awaitPlace() throws IOException {
    long end = System.nanoTime() + UNNOTICED.toNanos();
    while (open.size() >= bounds.places() && System.nanoTime() < end) {
      pause(Duration.ofMillis(5));
    }
  }

  private static void pause(Duration time) throws IOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      socket.setSoTimeout(Math.toIntExact(bounds.idle().toMillis()));
      for (int i = 0; i < bounds.requests(); i++) {
        String head = head(socket.getInputStream());
        if (head.isEmpty()) {
          return;
        }
        answer(socket, number, head);
      }
      hungUp.incrementAndGet();
    } catch (java.net.SocketTimeoutException unused) {
      hungUp.incrementAndGet();
    } catch (IOException over) {
      // Closed by its client.
    } finally {
      open.remove(socket);
    }
  }

  private void answer(Socket socket, int number, String head) throws IOException {
    String line = head.substring(0, head.indexOf("\r\n"));
    lines.add(number + " " + line);
    if (head.contains("Sec-WebSocket-Key: ")) {
      say(socket, upgraded(head));
      socket.setSoTimeout(0);
      // A console to which nothing is said but that it is over.
      socket.getInputStream().read();
      throw new IOException("over");
    }
    pause(bounds.work());
    socket.getInputStream().skipNBytes(length(head));
    say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }

  private static int length(String head) {
    return head.lines()
        .filter(line -> line.startsWith("Content-Length: "))
        .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
        .sum();
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String upgraded(String head) {
    String key =
        head.lines()
            .filter(line -> line.startsWith("Sec-WebSocket-Key: "))
            .map(line -> line.substring("Sec-WebSocket-Key: ".length()))
            .findFirst()
            .orElseThrow();
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + WebSocketKeys.accept(key)
        + "\r\n\r\n";
  }

  /** A request's head; empty when the client has closed. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.append((char) b);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
