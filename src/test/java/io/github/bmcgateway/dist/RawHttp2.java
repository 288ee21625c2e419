package io.github.bmcgateway.dist;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/** One HTTP/2 connection with one request, whose fields are written as they are (RFC 9113). */
final class RawHttp2 implements AutoCloseable {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int MAX_FIELDS_BYTES = 16 * 1024;

  private final SSLSocket socket;

  /** One line of the head, pseudo-fields included. */
  record Field(String name, String value) {}

  RawHttp2(Browser browser) throws IOException {
    socket = browser.connect();
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    write(SETTINGS, 0, 0, new byte[0]);
  }

  /** The status of the answer, {@code reset} or {@code closed}. */
  String ask(List<Field> fields, String body) throws IOException {
    int end = body.isEmpty() ? END_STREAM : 0;
    write(HEADERS, END_HEADERS | end, 1, encode(fields));
    if (!body.isEmpty()) {
      write(DATA, END_STREAM, 1, body.getBytes(StandardCharsets.ISO_8859_1));
    }
    try {
      return answer(new DataInputStream(socket.getInputStream()));
    } catch (EOFException | SocketException e) {
      return "closed";
    }
  }

  private String answer(DataInputStream in) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.skipNBytes(/* flags and stream */ 5);
      byte[] payload = in.readNBytes(length);
      switch (type) {
        case HEADERS -> {
          return status(payload);
        }
        case RST_STREAM -> {
          return "reset";
        }
        case GOAWAY -> {
          return "closed";
        }
        default -> {}
      }
    }
  }

  private static String status(byte[] block) throws IOException {
    try {
      HpackDecoder decoder = new HpackDecoder(MAX_FIELDS_BYTES, System::nanoTime);
      MetaData.Response head = (MetaData.Response) decoder.decode(ByteBuffer.wrap(block));
      return Integer.toString(head.getStatus());
    } catch (HpackException e) {
      throw new IOException(e);
    }
  }

  /** Literal fields without indexing and without Huffman's code (RFC 7541, 6.2.2). */
  private static byte[] encode(List<Field> fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Field field : fields) {
      block.write(0);
      string(field.name(), block);
      string(field.value(), block);
    }
    return block.toByteArray();
  }

  private static void string(String text, ByteArrayOutputStream block) {
    int length = text.length();
    if (length < 0x7F) {
      block.write(length);
    } else {
      block.write(0x7F);
      length -= 0x7F;
      while (length >= 0x80) {
        block.write(length & 0x7F | 0x80);
        length >>= 7;
      }
      block.write(length);
    }
    block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void write(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
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
