package io.github.bmcgateway.dist;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Reads what a server says of itself at the start of an HTTP/2 connection (RFC 9113, 6.5). */
final class Http2Settings {

  /** Whether WebSockets can be opened within the connection (RFC 8441). */
  static final int ENABLE_CONNECT_PROTOCOL = 8;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final byte[] EMPTY_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final int SETTINGS_FRAME = 4;

  private Http2Settings() {}

  /** The settings in the server's first frame, by their number. */
  static Map<Integer, Long> of(Browser browser) throws IOException {
    try (SSLSocket socket = browser.connect()) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(EMPTY_SETTINGS);
      socket.getOutputStream().flush();
      return readSettings(new DataInputStream(socket.getInputStream()));
    }
  }

  private static Map<Integer, Long> readSettings(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    if (type != SETTINGS_FRAME) {
      throw new IOException("the first frame is of type " + type);
    }
    in.skipNBytes(/* flags and stream */ 5);
    Map<Integer, Long> settings = new HashMap<>();
    for (int read = 0; read < length; read += 6) {
      settings.put(in.readUnsignedShort(), Integer.toUnsignedLong(in.readInt()));
    }
    return settings;
  }
}
