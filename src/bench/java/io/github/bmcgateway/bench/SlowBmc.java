package io.github.bmcgateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A BMC with few slots that takes its time: everything under it is a script of 8 KiB with an ETag.
 * Over TLS 1.2, with keep-alive. Safe for use by several threads.
 */
final class SlowBmc implements AutoCloseable {
  private static final int BODY_BYTES = 8 * 1024;
  private static final int BACKLOG = 256;

  private final Kind kind;
  private final InetSocketAddress address;
  private final SSLServerSocket listener;
  private final Semaphore slots;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger served = new AtomicInteger();
  private volatile CountDownLatch hanging = new CountDownLatch(0);

  /**
   * What it is like.
   *
   * @param slots what it serves at a time
   * @param held whether an open connection holds a slot, also while it is idle; otherwise only a
   *     request or a handshake does
   * @param answerMillis what a request takes
   * @param handshakeMillis what a TLS handshake takes in addition
   * @param idleSeconds after which it closes an idle connection
   */
  record Kind(int slots, boolean held, int answerMillis, int handshakeMillis, int idleSeconds) {}

  SlowBmc(Kind kind, InetSocketAddress address, SSLContext tls) throws IOException {
    this.kind = kind;
    this.address = address;
    slots = new Semaphore(kind.slots(), /* fair= */ true);
    listener =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(address.getPort(), BACKLOG, address.getAddress());
    listener.setEnabledProtocols(new String[] {"TLSv1.2"});
    start(this::accept);
  }

  /**
   * Runs one until the process ends. Arguments: address, port, PKCS#12 file (password: bench),
   * slots, {@code connections} or {@code requests} for what holds them, and milliseconds for an
   * answer and for a handshake.
   */
  public static void main(String[] args) throws Exception {
    Kind kind =
        new Kind(
            Integer.parseInt(args[3]),
            args[4].equals("connections"),
            Integer.parseInt(args[5]),
            Integer.parseInt(args[6]),
            15);
    InetAddress address = InetAddress.getByName(args[0]);
    new SlowBmc(
        kind,
        new InetSocketAddress(address, Integer.parseInt(args[1])),
        Certificates.server(Path.of(args[2])));
    Thread.currentThread().join();
  }

  InetSocketAddress address() {
    return address;
  }

  /** How many requests it has answered. */
  int served() {
    return served.get();
  }

  /** From now on nothing is answered any more, until it is closed. */
  void hang() {
    hanging = new CountDownLatch(1);
  }

  /** What it answers under a target, for one who has nothing of it yet. */
  String body(String target) {
    String text = "// " + target + " of " + address + "\n";
    return text + "x".repeat(BODY_BYTES - text.length());
  }

  private void accept() throws IOException, InterruptedException {
    while (true) {
      if (kind.held()) {
        slots.acquire();
      }
      SSLSocket socket = (SSLSocket) listener.accept();
      open.add(socket);
      start(
          () -> {
            try (socket) {
              serve(socket);
            } finally {
              open.remove(socket);
              if (kind.held()) {
                slots.release();
              }
            }
          });
    }
  }

  private void serve(SSLSocket socket) throws IOException, InterruptedException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(kind.idleSeconds()));
    inSlot(
        () -> {
          TimeUnit.MILLISECONDS.sleep(kind.handshakeMillis());
          socket.startHandshake();
        });
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String target = line.split(" ")[1];
      Map<String, String> headers = headers(in);
      inSlot(() -> answer(target, headers, socket.getOutputStream()));
    }
  }

  private void inSlot(Work work) throws IOException, InterruptedException {
    if (kind.held()) {
      work.run();
      return;
    }
    slots.acquire();
    try {
      work.run();
    } finally {
      slots.release();
    }
  }

  private static Map<String, String> headers(BufferedReader in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      String[] parts = line.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].trim());
    }
    return headers;
  }

  private void answer(String target, Map<String, String> headers, OutputStream out)
      throws IOException, InterruptedException {
    hanging.await();
    TimeUnit.MILLISECONDS.sleep(kind.answerMillis());
    String tag = "\"" + Integer.toHexString(body(target).hashCode()) + "\"";
    boolean known = tag.equals(headers.get("if-none-match"));
    String head =
        known
            ? "HTTP/1.1 304 Not Modified\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: application/javascript\r\nContent-Length: "
                + BODY_BYTES
                + "\r\n";
    String answer = head + "ETag: " + tag + "\r\n\r\n" + (known ? "" : body(target));
    served.incrementAndGet();
    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What a thread of its does; it ends with the connection. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // By the other side, for idleness, or by close().
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
    hanging.countDown();
  }
}
