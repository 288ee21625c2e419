package io.github.bmcgateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP/2 connection to a port on loopback that takes any amount of data, but doesn't read any
 * before it is asked what came (RFC 9113).
 */
public final class StuckHttp2 implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int RECEIVE_BYTES = 16 * 1024;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM_AND_HEADERS = 5;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int HEAD_BYTES = 9;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final Map<Integer, ByteArrayOutputStream> data = new HashMap<>();

  public StuckHttp2(int port) throws IOException {
    Socket plain = new Socket();
    plain.setReceiveBufferSize(RECEIVE_BYTES);
    plain.connect(new InetSocketAddress("127.0.0.1", port));
    socket =
        (SSLSocket)
            Tls.trustingAny()
                .getSocketFactory()
                .createSocket(plain, "localhost", port, /* autoClose= */ true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    begin();
  }

  private void begin() throws IOException {
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] window =
        ByteBuffer.allocate(6)
            .putShort((short) INITIAL_WINDOW_SIZE)
            .putInt(Integer.MAX_VALUE)
            .array();
    write(SETTINGS, 0, 0, window);
    write(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE - 65_535).array());
  }

  /**
   * Asks for a path.
   *
   * @param stream an odd number, higher than any before
   */
  public void get(int stream, String path, String cookie) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", "GET");
    field(block, ":scheme", "https");
    field(block, ":authority", "localhost");
    field(block, ":path", path);
    field(block, "cookie", cookie);
    write(HEADERS, END_STREAM_AND_HEADERS, stream, block.toByteArray());
  }

  /** Reads on until some of the stream's body has come: what has. */
  public String dataOf(int stream) throws IOException {
    while (!data.containsKey(stream)) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.skipNBytes(1);
      int of = in.readInt();
      byte[] payload = in.readNBytes(length);
      if (type == DATA && length > 0) {
        data.computeIfAbsent(of, key -> new ByteArrayOutputStream()).writeBytes(payload);
      }
    }
    return data.get(stream).toString(StandardCharsets.UTF_8);
  }

  /** A literal field without indexing and without Huffman's code (RFC 7541, 6.2.2). */
  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    string(block, name);
    string(block, value);
  }

  private static void string(ByteArrayOutputStream block, String text) {
    int rest = text.length();
    if (rest < 0x7F) {
      block.write(rest);
    } else {
      block.write(0x7F);
      for (rest -= 0x7F; rest >= 0x80; rest >>= 7) {
        block.write(rest & 0x7F | 0x80);
      }
      block.write(rest);
    }
    block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void write(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    socket.getOutputStream().write(frame.array());
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
