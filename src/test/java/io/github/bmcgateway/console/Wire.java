package io.github.bmcgateway.console;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.Tls;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.SSLContext;

/**
 * One end of a WebSocket on a TLS socket, at the level of bytes: it can send what no library would.
 * Reads give up after 30 s.
 */
public final class Wire implements Closeable {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final KeyStore STORE = TestCertificates.localhost();
  private static final SSLContext SERVER = Tls.server(STORE);
  private static final SSLContext CLIENT = Tls.trustingAny();

  private final Socket plain;
  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final boolean masking;

  public record Frame(boolean fin, int opCode, boolean masked, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    public int closeCode() {
      return payload.length == 0 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    public String closeReason() {
      return payload.length < 2
          ? ""
          : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  private Wire(Socket plain, Socket socket, boolean masking) throws IOException {
    this.plain = plain;
    this.socket = socket;
    this.masking = masking;
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
  }

  static KeyStore keyStore() {
    return STORE;
  }

  /** A BMC's side of an accepted connection. */
  static Wire accept(Socket plain) throws IOException {
    InputStream nothingReadYet = null;
    Socket tls = SERVER.getSocketFactory().createSocket(plain, nothingReadYet, true);
    return new Wire(plain, tls, /* masking= */ false);
  }

  /** A browser's connection. */
  public static Wire connect(int port) throws IOException {
    return connect(new Socket(), port);
  }

  /** A browser's connection with a small receive buffer, so that back-pressure shows soon. */
  public static Wire connectNarrow(int port) throws IOException {
    Socket plain = new Socket();
    plain.setReceiveBufferSize(16 * 1024);
    return connect(plain, port);
  }

  private static Wire connect(Socket plain, int port) throws IOException {
    plain.connect(new InetSocketAddress("127.0.0.1", port));
    Socket tls = CLIENT.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    return new Wire(plain, tls, /* masking= */ true);
  }

  public static String upgrade(String target, String... headers) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: gateway\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + KEY
        + "\r\n"
        + String.join("", Arrays.stream(headers).map(h -> h + "\r\n").toList())
        + "\r\n";
  }

  static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  public static int status(String head) {
    return Integer.parseInt(head.split(" ")[1]);
  }

  /** Everything up to and with the empty line. */
  public String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("end of stream in head: " + head);
      }
      head.append((char) b);
    }
    return head.toString();
  }

  String readBody(String head) throws IOException {
    String length = header(head, "Content-Length");
    return new String(
        in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)), StandardCharsets.UTF_8);
  }

  public Wire write(String ascii) throws IOException {
    return write(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  public Wire write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  Wire write(ByteBuffer bytes) throws IOException {
    out.write(bytes.array(), bytes.position(), bytes.remaining());
    out.flush();
    return this;
  }

  public Wire text(String text) throws IOException {
    return frame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public Wire close(int code, String reason) throws IOException {
    byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
    ByteBuffer payload = ByteBuffer.allocate(2 + bytes.length).putShort((short) code).put(bytes);
    return frame(true, CLOSE, payload.array());
  }

  public Wire frame(boolean fin, int opCode, byte[] payload) throws IOException {
    out.write((fin ? 0x80 : 0) | opCode);
    int maskBit = masking ? 0x80 : 0;
    if (payload.length < 126) {
      out.write(maskBit | payload.length);
    } else if (payload.length < 65536) {
      out.write(maskBit | 126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(maskBit | 127);
      out.write(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    byte[] body = payload;
    if (masking) {
      byte[] mask = {1, 2, 3, 4};
      out.write(mask);
      body = payload.clone();
      for (int i = 0; i < body.length; i++) {
        body[i] ^= mask[i & 3];
      }
    }
    out.write(body);
    out.flush();
    return this;
  }

  /** A frame's bytes as this end has to send them: for a browser with a mask, of zeros. */
  public byte[] masked(byte[] frame) {
    if (!masking) {
      return frame;
    }
    int length = frame[1] & 0x7F;
    int head = length == 127 ? 10 : length == 126 ? 4 : 2;
    ByteBuffer bytes = ByteBuffer.allocate(frame.length + 4);
    bytes.put(frame, 0, head).put(new byte[4]).put(frame, head, frame.length - head);
    return bytes.put(1, (byte) (frame[1] | 0x80)).array();
  }

  public Frame readFrame() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    long length = second & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    boolean masked = (second & 0x80) != 0;
    byte[] mask = masked ? in.readNBytes(4) : new byte[4];
    byte[] payload = in.readNBytes((int) length);
    if (payload.length < length) {
      throw new IOException("end of stream in frame");
    }
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return new Frame((first & 0x80) != 0, first & 0x0F, masked, payload);
  }

  /**
   * A whole message, put together from its frames; its op code is the first frame's. Pings between
   * them are passed over (RFC 6455, section 5.4).
   */
  public Frame readMessage() throws IOException {
    Frame frame = readFrame();
    int opCode = frame.opCode();
    ByteBuffer all = ByteBuffer.wrap(frame.payload());
    while (!frame.fin()) {
      frame = readFrame();
      if (frame.opCode() == PING) {
        frame = new Frame(/* fin= */ false, CONTINUATION, frame.masked(), new byte[0]);
      }
      if (frame.opCode() != CONTINUATION) {
        throw new IOException("a new message within a message");
      }
      all =
          ByteBuffer.allocate(all.capacity() + frame.payload().length)
              .put(all.rewind())
              .put(frame.payload());
    }
    return new Frame(true, opCode, frame.masked(), all.array());
  }

  /** The next frame of a kind; what comes before it may only be pings. */
  public Frame skipTo(int opCode) throws IOException {
    Frame frame = readFrame();
    while (frame.opCode() != opCode) {
      if (frame.opCode() != PING) {
        throw new AssertionError("not a ping: " + frame);
      }
      frame = readFrame();
    }
    return frame;
  }

  /** The next whole message that isn't a ping. */
  public Frame skipPings() throws IOException {
    Frame frame = readMessage();
    while (frame.opCode() == PING) {
      frame = readMessage();
    }
    return frame;
  }

  /** Whether the peer has ended the connection; waits for it. */
  public boolean isEnded() {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Whether nothing comes, not even an end, for so long. */
  boolean isQuietFor(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    try {
      in.read();
      return false;
    } catch (SocketTimeoutException quiet) {
      return true;
    } finally {
      socket.setSoTimeout(30_000);
    }
  }

  /** Whether the peer sends a close frame, or nothing more, and then ends the connection. */
  public boolean isEndedAfterClose() {
    try {
      while (readFrame().opCode() != CLOSE) {
        // What was underway.
      }
      return isEnded();
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException end) {
      return true;
    }
  }

  InputStream in() {
    return in;
  }

  /** Ends the connection with a TCP reset. */
  public void reset() throws IOException {
    // Not through the TLS layer, which would say good-bye first.
    plain.setSoLinger(true, 0);
    plain.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
