package io.github.bmcgateway.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** A BMC with an echoing socket under every path, over TLS 1.2: each frame comes back as it is. */
final class EchoBackend implements Loop.Ready {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern KEY = Pattern.compile("(?i)\r\nsec-websocket-key: *([^\r]+)\r\n");
  private static final int BACKLOG = 4096;
  private static final String[] PROTOCOLS = {"TLSv1.2"};

  private final Loop loop = new Loop();
  private final SSLContext tls;
  private final ServerSocketChannel listener;

  private EchoBackend(int port, SSLContext tls) throws IOException {
    this.tls = tls;
    this.listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress("0.0.0.0", port), BACKLOG).configureBlocking(false);
    listener.register(loop.selector, SelectionKey.OP_ACCEPT, this);
  }

  /** Arguments: port, PKCS#12 file. */
  public static void main(String[] args) throws Exception {
    new EchoBackend(Integer.parseInt(args[0]), Certificates.server(Path.of(args[1])))
        .loop.runUntil(() -> false, TimeUnit.DAYS.toNanos(1));
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    SocketChannel channel = listener.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      SSLEngine engine = tls.createSSLEngine();
      engine.setUseClientMode(false);
      engine.setEnabledProtocols(PROTOCOLS);
      new Echo(loop, channel, engine).begin();
    }
  }

  private static final class Echo extends WebSocketEnd {
    Echo(Loop loop, SocketChannel channel, SSLEngine engine) throws IOException {
      super(loop, channel, engine, SelectionKey.OP_READ);
    }

    @Override
    void secured() {}

    @Override
    Frames upgraded(String head) throws IOException {
      Matcher key = KEY.matcher(head);
      if (!key.find()) {
        throw new IOException("no upgrade: " + head.lines().findFirst().orElse(""));
      }
      String answer =
          """
          HTTP/1.1 101 Switching Protocols\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Accept: %s\r
          \r
          """
              .formatted(accept(key.group(1).trim()));
      write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
      return new Frames(this::frame);
    }

    private void frame(int opcode, boolean last, ByteBuffer payload) throws IOException {
      if (opcode != Frames.PONG) {
        int answer = opcode == Frames.PING ? Frames.PONG : opcode;
        write(Frames.frame(answer, last, payload, 0));
      }
    }

    @Override
    void lost(IOException cause) {}

    private static String accept(String key) {
      try {
        byte[] text = (key + GUID).getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
