package io.github.bmcgateway.console;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A BMC on a TLS socket that records each request's head and whose sockets a test drives by hand.
 */
public final class FakeBmc implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** Kept, because a TLS socket that nobody holds is closed by the garbage collector. */
  private final List<Wire> wires = new CopyOnWriteArrayList<>();

  private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
  private final BlockingQueue<Wire> consoles = new LinkedBlockingQueue<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private volatile boolean pagesHang;
  private volatile UnaryOperator<String> answer = head -> accept(head);

  public FakeBmc() throws IOException {
    server = new ServerSocket(0, 100);
    start(this::acceptAll);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** How upgrades are answered from now on: the head of the request to the whole answer. */
  FakeBmc answering(UnaryOperator<String> how) {
    answer = how;
    return this;
  }

  static String accept(String head, String... headers) {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + Wire.accept(Wire.header(head, "Sec-WebSocket-Key"))
        + "\r\n"
        + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
        + "\r\n";
  }

  static String refuse(int status) {
    return "HTTP/1.1 " + status + " No\r\nContent-Length: 2\r\n\r\nno";
  }

  /** Answers no page from now on. */
  void hangPages() {
    pagesHang = true;
  }

  /** How many pages were asked for and not answered. */
  int hangingPages() {
    return hanging.get();
  }

  public String nextHead() throws InterruptedException {
    String head = heads.poll(30, TimeUnit.SECONDS);
    if (head == null) {
      throw new AssertionError("the BMC was asked nothing");
    }
    return head;
  }

  boolean wasAsked() {
    return !heads.isEmpty();
  }

  /** The next socket that was opened. */
  public Wire nextConsole() throws InterruptedException {
    Wire console = consoles.poll(30, TimeUnit.SECONDS);
    if (console == null) {
      throw new AssertionError("no console was opened");
    }
    synchronized (console) {
      // Its answer is written.
      return console;
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try {
      Wire wire = Wire.accept(socket);
      wires.add(wire);
      while (true) {
        String head = wire.readHead();
        if (Wire.header(head, "Upgrade").isEmpty() && pagesHang) {
          hanging.incrementAndGet();
          continue;
        }
        if (Wire.header(head, "Upgrade").isEmpty()) {
          wire.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
          continue;
        }
        heads.add(head);
        String answered = answer.apply(head);
        if (answered.startsWith("HTTP/1.1 101")) {
          accept(wire, answered);
          return;
        }
        wire.write(answered);
      }
    } catch (IOException ended) {
      // The gateway hung up.
    }
  }

  /** Lines it up first: who has its answer may open the next, which another thread serves. */
  private void accept(Wire console, String answered) throws IOException {
    synchronized (console) {
      consoles.add(console);
      console.write(answered);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "fake-bmc");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
