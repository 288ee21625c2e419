package io.github.bmcgateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/** An HTTP/1.1 client that says just what it is told, over TLS to a port on loopback. */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final SSLSocket socket;

  public RawClient(int port) throws IOException {
    this("127.0.0.1", port);
  }

  /** A client of a server at this address on loopback. */
  public RawClient(String address, int port) throws IOException {
    socket = (SSLSocket) Tls.trustingAny().getSocketFactory().createSocket(address, port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  /**
   * A client at an address of its own on loopback.
   *
   * @param from the client's address, such as 127.0.0.7
   * @param host the name that it asks for in the TLS handshake
   */
  public RawClient(String from, String host, int port) throws IOException {
    Socket plain = new Socket("127.0.0.1", port, InetAddress.getByName(from), 0);
    socket =
        (SSLSocket)
            Tls.trustingAny()
                .getSocketFactory()
                .createSocket(plain, host, port, /* autoClose= */ true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  /** An answer as it came; {@code complete} tells whether its framing was kept to the end. */
  public record Answer(int status, String head, byte[] body, boolean complete) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public List<String> values(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).trim())
          .toList();
    }

    public boolean has(String name) {
      return !values(name).isEmpty();
    }
  }

  public OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  public InputStream in() throws IOException {
    return socket.getInputStream();
  }

  public RawClient send(String text) throws IOException {
    out().write(text.getBytes(StandardCharsets.ISO_8859_1));
    out().flush();
    return this;
  }

  /** Sends what is taken: who answers before it has read all may close the connection. */
  public RawClient sendIfTaken(String text) {
    try {
      return send(text);
    } catch (IOException answered) {
      return this;
    }
  }

  /** A GET with the given further header lines, each ending in CR LF. */
  public Answer get(String target, String headers) throws IOException {
    return request("GET", target, headers);
  }

  public Answer request(String method, String target, String headers) throws IOException {
    send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    return answer(method);
  }

  public Answer answer() throws IOException {
    return answer("GET");
  }

  public Answer answer(String method) throws IOException {
    String head = head();
    if (head.isEmpty()) {
      return new Answer(0, "", new byte[0], false);
    }
    int status = Integer.parseInt(head.substring(9, 12));
    if (status == 100) {
      return answer(method);
    }
    if ("HEAD".equals(method) || status == 204 || status == 304 || status == 101) {
      return new Answer(status, head, new byte[0], true);
    }
    return body(status, head);
  }

  private Answer body(int status, String head) throws IOException {
    Answer bare = new Answer(status, head, new byte[0], true);
    if (bare.has("Content-Length")) {
      int length = Integer.parseInt(bare.values("Content-Length").get(0));
      byte[] body = readUpTo(length);
      return new Answer(status, head, body, body.length == length);
    }
    return bare.has("Transfer-Encoding") ? chunked(status, head) : toTheEnd(status, head);
  }

  private Answer toTheEnd(int status, String head) throws IOException {
    return new Answer(status, head, readUpTo(Integer.MAX_VALUE), true);
  }

  private Answer chunked(int status, String head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line();
      if (size.isEmpty()) {
        return new Answer(status, head, body.toByteArray(), false);
      }
      int length = Integer.parseInt(size.trim(), 16);
      byte[] chunk = readUpTo(length);
      body.writeBytes(chunk);
      if (chunk.length < length) {
        return new Answer(status, head, body.toByteArray(), false);
      }
      line();
      if (length == 0) {
        return new Answer(status, head, body.toByteArray(), true);
      }
    }
  }

  private byte[] readUpTo(int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    try {
      while (bytes.size() < length) {
        int read = in().read(buffer, 0, Math.min(buffer.length, length - bytes.size()));
        if (read < 0) {
          break;
        }
        bytes.write(buffer, 0, read);
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("no answer within " + TIMEOUT_MILLIS + " ms", e);
    } catch (IOException reset) {
      // What came before counts.
    }
    return bytes.toByteArray();
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (true) {
      String line = line();
      if (line.isEmpty()) {
        return head.toString();
      }
      head.append(line).append('\n');
    }
  }

  /** One line without its end; empty at the end of the stream. */
  public String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int b = in().read(); b >= 0 && b != '\n'; b = in().read()) {
        if (b != '\r') {
          line.write(b);
        }
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("no answer within " + TIMEOUT_MILLIS + " ms", e);
    } catch (IOException reset) {
      return "";
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
