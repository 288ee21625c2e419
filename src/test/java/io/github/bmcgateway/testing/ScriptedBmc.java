package io.github.bmcgateway.testing;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLServerSocket;

/**
 * A BMC at socket level: TLS on loopback, and what it says is up to the script. Records the bytes
 * of every request head that it is sent, and tells whether its connections were let go.
 */
public final class ScriptedBmc implements AutoCloseable {
  /** What happens on a connection once a request head has come. */
  @FunctionalInterface
  public interface Script {
    void answer(Exchange exchange) throws IOException;
  }

  /** One request on one connection. */
  public record Exchange(String head, InputStream in, OutputStream out, Socket socket) {
    private static final int MASK_BYTES = 4;

    /** The request line. */
    public String requestLine() {
      return head.substring(0, head.indexOf("\r\n"));
    }

    /** All values of a header, by its name as spelt on the wire. */
    public List<String> values(String name) {
      return head.lines()
          .skip(1)
          .filter(line -> line.startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .toList();
    }

    /** Reads a body of the declared length. */
    public byte[] body() throws IOException {
      List<String> length = values("Content-Length");
      int bytes = length.isEmpty() ? 0 : Integer.parseInt(length.get(0));
      byte[] body = in.readNBytes(bytes);
      if (body.length < bytes) {
        throw new EOFException("body of " + body.length + " instead of " + bytes);
      }
      return body;
    }

    /** Writes text as ISO 8859-1, at once. */
    public void say(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** A plain 200 with a body. */
    public void ok(String headers, String body) throws IOException {
      say("HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /**
     * Accepts a WebSocket.
     *
     * @param headers further lines, each with its end
     */
    public void upgrade(String headers) throws IOException {
      say(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + headers
              + "Sec-WebSocket-Accept: "
              + WebSocketKeys.accept(values("Sec-WebSocket-Key").get(0))
              + "\r\n\r\n");
    }

    /** Sends a message of three bytes on a WebSocket, and reads short ones until the close. */
    public void greetUntilClosed() throws IOException {
      out.write(new byte[] {(byte) 0x82, 3, 'a', 'b', 'c'});
      out.flush();
      int opCode = 0;
      while (opCode != 8) {
        int first = in.read();
        int second = in.read();
        if (second < 0) {
          throw new EOFException("gone without a close");
        }
        opCode = first & 0xf;
        in.readNBytes(MASK_BYTES + (second & 0x7f));
      }
    }

    /** Reads whatever is sent, until the peer has gone. */
    public void readUntilGone() throws IOException {
      while (in.read() >= 0) {
        // Whatever is sent.
      }
    }
  }

  private final SSLServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final Script script;

  private ScriptedBmc(InetAddress address, KeyStore keys, Script script) throws IOException {
    this.script = script;
    this.server =
        (SSLServerSocket)
            Tls.server(keys).getServerSocketFactory().createServerSocket(0, 50, address);
    threads.execute(this::accept);
  }

  public static ScriptedBmc start(Script script) throws IOException {
    return start("127.0.0.1", script);
  }

  public static ScriptedBmc start(String address, Script script) throws IOException {
    return start(address, TestCertificates.selfSigned("scripted"), script);
  }

  /** One with a certificate of its own. */
  public static ScriptedBmc start(String address, KeyStore keys, Script script) throws IOException {
    return new ScriptedBmc(InetAddress.getByName(address), keys, script);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Every request so far. */
  public List<Exchange> exchanges() {
    return exchanges;
  }

  /** The latest request. */
  public Exchange last() {
    return exchanges.get(exchanges.size() - 1);
  }

  /** Connections that are open now. */
  public int openConnections() {
    return open.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      while (true) {
        Exchange exchange = new Exchange(readHead(in), in, socket.getOutputStream(), socket);
        exchanges.add(exchange);
        script.answer(exchange);
      }
    } catch (IOException over) {
      // The connection has ended, which scripts and gateways do all the time.
    } finally {
      open.remove(socket);
    }
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      head.write(b);
      String text = head.toString(StandardCharsets.ISO_8859_1);
      if (b == '\n' && text.endsWith("\r\n\r\n")) {
        return text.substring(0, text.length() - 2);
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
