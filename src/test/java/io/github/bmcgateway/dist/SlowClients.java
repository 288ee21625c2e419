package io.github.bmcgateway.dist;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.WebSocketKeys;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Clients that say nothing, or a byte now and then, each in a thread of its own, until the server
 * cuts them off; and others that are slow, but have a reason to be.
 */
final class SlowClients implements AutoCloseable {
  /** The server's window for bodies. */
  static final int WINDOW_MILLIS = 4_000;

  private static final int PACE_MILLIS = 250;

  /** Of those that have a reason: more than two of the server's windows. */
  private static final int STEPS = 2 * WINDOW_MILLIS / PACE_MILLIS + 6;

  private static final int TYPED = STEPS - 6;
  private static final int STEP_BYTES = 1_500;
  private static final long PATIENCE_SECONDS = 60;
  private static final byte[] DRIP = {'a'};
  private static final String UPGRADE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private final Browser browser;
  private final String cookie;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Map<String, Future<String>> dripping = new LinkedHashMap<>();

  SlowClients(Browser browser, String token) {
    this.browser = browser;
    this.cookie = "Cookie: pm-session=" + token + "\r\n";
  }

  /** What the BMC does with their requests. */
  static void answer(Exchange exchange) throws IOException {
    String line = exchange.requestLine();
    if (line.startsWith("GET /events")) {
      exchange.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
      for (int step = 0; step < STEPS; step++) {
        pause();
        exchange.say("tick\n");
      }
      exchange.socket().close();
    } else if (line.startsWith("GET /kvm")) {
      String key = exchange.values("Sec-WebSocket-Key").get(0);
      exchange.say(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Accept: "
              + WebSocketKeys.accept(key)
              + "\r\n\r\n");
      exchange.in().readNBytes(1);
      exchange.say("\u0081\u0002hi");
      exchange.in().readAllBytes();
      throw new IOException("closed");
    } else {
      exchange.body();
      exchange.ok("Connection: close\r\n", "page");
      exchange.socket().close();
    }
  }

  void fallSilent(String begun) throws IOException {
    drip("silence after: " + begun, connect(), bytes(begun), new byte[0]);
  }

  void dripHandshake() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), browser.port());
    byte[] beginOfRecord = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3};
    drip("handshake", socket, beginOfRecord, DRIP);
  }

  void dripHead() throws IOException {
    drip("head", connect(), bytes("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: "), DRIP);
  }

  void dripHeadOfHttp2() throws IOException {
    SSLSocket socket = connectByHttp2();
    drip("head of HTTP/2", socket, Http2Bytes.frame(Http2Bytes.HEADERS, 4, 500, new byte[0]), DRIP);
  }

  void dripBodyForTheGateway() throws IOException {
    String head =
        "POST /gpsession HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n\r\ntoken=";
    drip("body for the gateway", connect(), bytes(head), DRIP);
  }

  /** Holds a place there if its length is known; else it is written to disk first. */
  void dripBodyForTheBmc(String framing) throws IOException {
    String head = "POST /upload HTTP/1.1\r\nHost: localhost\r\n" + cookie + framing + "\r\n\r\n";
    byte[] drip = framing.contains("chunked") ? bytes("1\r\na\r\n") : DRIP;
    drip("body, " + framing, connect(), bytes(head), drip);
  }

  void dripBodyOfHttp2() throws IOException {
    SSLSocket socket = connectByHttp2();
    byte[] head = Http2Bytes.post("/upload", cookie.substring("Cookie: ".length()).strip(), "9999");
    byte[] data = Http2Bytes.frame(Http2Bytes.DATA, 0, 1, DRIP);
    socket.getOutputStream().write(head);
    dripping.put(
        "body of HTTP/2",
        threads.submit(
            () -> {
              DataInputStream in = new DataInputStream(socket.getInputStream());
              socket.setSoTimeout(0);
              Future<?> drips = threads.submit(() -> dripForEver(socket, data));
              int type = Http2Bytes.DATA;
              while (type != Http2Bytes.HEADERS && type != Http2Bytes.RST_STREAM) {
                type = Http2Bytes.readFrameOf(1, in);
              }
              drips.cancel(/* mayInterruptIfRunning= */ true);
              return "answered or reset";
            }));
  }

  private static Void dripForEver(Socket socket, byte[] drip) throws IOException {
    while (!Thread.currentThread().isInterrupted()) {
      socket.getOutputStream().write(drip);
      pause();
    }
    return null;
  }

  private void drip(String what, Socket socket, byte[] begin, byte[] drip) throws IOException {
    sockets.add(socket);
    socket.getOutputStream().write(begin);
    socket.setSoTimeout(PACE_MILLIS);
    dripping.put(what, threads.submit(() -> dripUntilTheEnd(socket, drip)));
  }

  private static String dripUntilTheEnd(Socket socket, byte[] drip) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[4096];
    while (true) {
      try {
        if (drip.length > 0) {
          socket.getOutputStream().write(drip);
        }
        if (in.read(buffer) < 0) {
          return "closed";
        }
        pause();
      } catch (SocketTimeoutException open) {
        // Nothing has been said, and it goes on.
      } catch (SocketException | SSLException closed) {
        return "closed";
      }
    }
  }

  /** Fails with the names of those that go on. */
  void awaitThatAllAreCutOff() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    List<String> goOn = new ArrayList<>();
    for (Map.Entry<String, Future<String>> each : dripping.entrySet()) {
      try {
        each.getValue().get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        goOn.add(each.getKey());
      }
    }
    if (!goOn.isEmpty()) {
      throw new AssertionError("not cut off: " + goOn);
    }
  }

  /** An upload above the least rate that takes longer than the server's windows. */
  Future<String> uploadSlowly() {
    return run(
        () -> {
          SSLSocket socket = connect();
          String head = "POST /upload HTTP/1.1\r\nHost: localhost\r\n" + cookie;
          socket
              .getOutputStream()
              .write(bytes(head + "Content-Length: " + STEPS * STEP_BYTES + "\r\n\r\n"));
          long begun = System.nanoTime();
          for (int step = 1; step <= STEPS; step++) {
            // By the clock: who was held up makes up for it.
            pauseUntil(begun + TimeUnit.MILLISECONDS.toNanos((long) step * PACE_MILLIS));
            socket.getOutputStream().write(new byte[STEP_BYTES]);
          }
          return head(socket).startsWith("HTTP/1.1 200 ") ? "uploaded" : "refused";
        });
  }

  /** Says nothing while events come. */
  Future<String> listen() {
    return run(
        () -> {
          SSLSocket socket = connect();
          String more = cookie + "Connection: close\r\n\r\n";
          socket
              .getOutputStream()
              .write(bytes("GET /events HTTP/1.1\r\nHost: localhost\r\n" + more));
          String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
          return all.split("tick", -1).length - 1 == STEPS ? "heard" : all;
        });
  }

  /** A frame to the BMC that comes byte by byte, and is answered. */
  Future<String> typeSlowly() {
    return run(
        () -> {
          SSLSocket socket = connect();
          socket
              .getOutputStream()
              .write(bytes("GET /kvm HTTP/1.1\r\nHost: localhost\r\n" + cookie + UPGRADE + "\r\n"));
          if (!head(socket).startsWith("HTTP/1.1 101 ")) {
            return "refused";
          }
          // Of text, masked with zeros.
          byte[] frame = bytes("\u0081" + (char) (128 + TYPED) + "\0\0\0\0" + "k".repeat(TYPED));
          for (byte each : frame) {
            pause();
            socket.getOutputStream().write(each);
          }
          byte[] reply = socket.getInputStream().readNBytes(4);
          return new String(reply, ISO_8859_1).equals("\u0081\u0002hi") ? "typed" : "lost";
        });
  }

  private Future<String> run(Callable<String> client) {
    return threads.submit(client);
  }

  private SSLSocket connect() throws IOException {
    SSLSocket socket = browser.connect();
    sockets.add(socket);
    socket.startHandshake();
    return socket;
  }

  private SSLSocket connectByHttp2() throws IOException {
    SSLSocket socket = browser.connect();
    sockets.add(socket);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.getOutputStream().write(Http2Bytes.BEGIN);
    return socket;
  }

  private static String head(Socket socket) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        break;
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** The pace of those that drip is what is tested; nothing waits for a pause to be over. */
  private static void pause() {
    pauseUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PACE_MILLIS));
  }

  private static void pauseUntil(long nanoTime) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
