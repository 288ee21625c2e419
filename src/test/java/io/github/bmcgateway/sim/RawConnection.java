package io.github.bmcgateway.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One TLS connection that sends bytes as they are given: for requests that no proper client makes.
 * Trusts every certificate. Not thread-safe.
 */
public final class RawConnection implements AutoCloseable {

  private static final int READ_TIMEOUT_MILLIS = 15_000;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;

  /** Connects. */
  public RawConnection(String host, int port) throws IOException {
    socket = TestCertificates.trustEverything().getSocketFactory().createSocket(host, port);
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    out = socket.getOutputStream();
    in = socket.getInputStream();
  }

  /** Sends text as ISO-8859-1; {@code \n} in it is sent as CR LF. */
  public void send(String text) throws IOException {
    out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** The next answer: head and a body of known length. Empty when the BMC has closed. */
  public String receive() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    int length =
        head.toString()
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(15).trim()))
            .findFirst()
            .orElse(0);
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  /** Whether the BMC closes the connection without sending anything more. */
  public boolean isClosedByPeer() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
