package io.github.bmcgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Browsers' ends of sockets to one server, driven by one thread: each sends a message and, when
 * its echo has come whole and unchanged, the next. Pings are answered, so idle ones stay open.
 */
final class Load implements AutoCloseable {
  private static final int MASK = 0x5a13c7e9;
  private static final int MOST_OPENING = 64;
  private static final int FEWEST_ECHOES = 100;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final Loop loop;
  private final SSLContext tls = Certificates.client();
  private final InetSocketAddress server;
  private final IntFunction<String> cookies;
  private final List<Browser> browsers = new ArrayList<>();
  private final ByteBuffer pong = Frames.frame(Frames.PONG, true, ByteBuffer.allocate(0), MASK);
  private int open;
  private boolean sending;
  private int awaited;
  private ByteBuffer message = ByteBuffer.allocate(0);
  private ByteBuffer frame = message;
  private long[] nanos = new long[1 << 16];
  private int echoes;
  private long framesSeen;

  /**
   * What was seen in a while.
   *
   * @param framesEach frames in which an echo came
   */
  record Sample(double perSecond, double p50Micros, double p99Micros, double framesEach) {}

  /**
   * @param loop serves these sockets together with those of other loads, which so stay alive
   * @param cookies the session cookie of the n-th socket
   */
  Load(Loop loop, int port, IntFunction<String> cookies) {
    this.loop = loop;
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.cookies = cookies;
  }

  /** Opens sockets until there are so many, each with one round trip. */
  void open(int count) {
    prepare(64);
    while (browsers.size() < count) {
      int until = Math.min(count, browsers.size() + MOST_OPENING);
      while (browsers.size() < until) {
        browsers.add(connect(cookies.apply(browsers.size())));
      }
      loop.runUntil(() -> open == browsers.size() && awaited == 0, PATIENCE);
    }
  }

  /** Keeps the sockets for a while without sending. */
  void idle(long millis) {
    loop.run(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Sets the first sockets to work, each with so many messages under way, until {@link #stop}. */
  void start(int sockets, int bytes, int window) {
    prepare(bytes);
    sending = true;
    for (Browser browser : browsers.subList(0, sockets)) {
      for (int i = 0; i < window; i++) {
        browser.sendMessage();
      }
    }
  }

  /** What is seen in this time, or in a longer one until there is something to see. */
  Sample sample(long millis) {
    echoes = 0;
    framesSeen = 0;
    long begun = System.nanoTime();
    idle(millis);
    loop.runUntil(() -> echoes >= FEWEST_ECHOES, PATIENCE);
    double seconds = (System.nanoTime() - begun) / 1e9;
    Arrays.sort(nanos, 0, echoes);
    return new Sample(
        echoes / seconds,
        nanos[echoes / 2] / 1e3,
        nanos[(int) (echoes * 0.99)] / 1e3,
        (double) framesSeen / echoes);
  }

  /** Sends nothing more and waits for what is under way. */
  void stop() {
    sending = false;
    loop.runUntil(() -> awaited == 0, PATIENCE);
  }

  @Override
  public void close() throws IOException {
    for (Browser browser : browsers) {
      browser.close();
    }
  }

  private void prepare(int bytes) {
    byte[] payload = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(payload);
    message = ByteBuffer.wrap(payload);
    frame = Frames.frame(Frames.BINARY, true, message.duplicate(), MASK);
  }

  private Browser connect(String cookie) {
    try {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(server);
      SSLEngine engine = tls.createSSLEngine();
      engine.setUseClientMode(true);
      return new Browser(channel, engine, cookie);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void echoed(long since) {
    if (echoes == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * echoes);
    }
    nanos[echoes++] = System.nanoTime() - since;
  }

  private final class Browser extends WebSocketEnd {
    private final String cookie;
    private final ArrayDeque<Long> sent = new ArrayDeque<>(1);
    private int checked;

    Browser(SocketChannel channel, SSLEngine engine, String cookie) throws IOException {
      super(loop, channel, engine, SelectionKey.OP_CONNECT);
      this.cookie = cookie;
    }

    @Override
    void secured() throws IOException {
      String request =
          """
          GET /socket HTTP/1.1\r
          Host: localhost:%d\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          Sec-WebSocket-Version: 13\r
          Cookie: %s\r
          \r
          """
              .formatted(server.getPort(), cookie);
      write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Override
    Frames upgraded(String head) throws IOException {
      if (!head.startsWith("HTTP/1.1 101 ")) {
        throw new IOException("no socket: " + head);
      }
      open++;
      sendMessage();
      return new Frames(this::frame);
    }

    void sendMessage() {
      try {
        awaited++;
        sent.add(System.nanoTime());
        write(frame.duplicate());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void frame(int opcode, boolean last, ByteBuffer payload) throws IOException {
      if (opcode == Frames.PING) {
        write(pong.duplicate());
        return;
      }
      framesSeen++;
      if (!payload.equals(message.slice(checked, payload.remaining()))) {
        throw new IOException("not what was sent");
      }
      checked += payload.remaining();
      if (last) {
        checked = 0;
        awaited--;
        echoed(sent.remove());
        if (sending) {
          sendMessage();
        }
      }
    }

    @Override
    void lost(IOException cause) throws IOException {
      throw new IOException("lost a socket of port " + server.getPort(), cause);
    }
  }
}
