package io.github.bmcgateway.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;

/** A browser's connection: one request at a time, whose answer is read whole. */
final class HttpConnection extends TlsSocket {
  private static final SSLContext TLS = Certificates.client();
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final InetSocketAddress server;
  private final Owner owner;
  private final HttpParser parser = new HttpParser(new Reader());
  private final HttpFields.Mutable headers = HttpFields.build();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;

  /** Whom it belongs to; both methods are called by the thread of the loop. */
  interface Owner {
    /** The connection stands, or the answer to its last request has come: it is free. */
    void free(HttpConnection connection, Answer last) throws IOException;

    /** The connection has ended. */
    default void lost(HttpConnection connection, IOException cause) throws IOException {
      throw cause;
    }
  }

  /** An answer; the first, of no request, has status 0. */
  record Answer(int status, HttpFields headers, byte[] body) {
    static final Answer NONE = new Answer(0, HttpFields.EMPTY, new byte[0]);
  }

  private HttpConnection(
      Loop loop, InetSocketAddress server, SocketChannel channel, SSLEngine engine, Owner owner)
      throws IOException {
    super(loop, channel, engine, SelectionKey.OP_CONNECT);
    this.server = server;
    this.owner = owner;
  }

  /** Connects to a server on loopback; TLS of whatever version that takes. */
  static HttpConnection open(Loop loop, InetSocketAddress server, Owner owner) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.connect(server);
    SSLEngine engine = TLS.createSSLEngine();
    engine.setUseClientMode(true);
    return new HttpConnection(loop, server, channel, engine, owner);
  }

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** The answer to a single request. */
  static Answer get(Loop loop, int port, String target, String cookie) throws IOException {
    AtomicReference<Answer> seen = new AtomicReference<>();
    Owner once =
        (connection, last) -> {
          if (last == Answer.NONE) {
            connection.get(target, "Cookie: " + cookie + "\r\n");
          } else {
            seen.set(last);
          }
        };
    HttpConnection connection = open(loop, loopback(port), once);
    loop.runUntil(() -> seen.get() != null, PATIENCE);
    connection.close();
    return seen.get();
  }

  /**
   * Sends a request.
   *
   * @param lines further lines of its head, each with its end
   */
  void get(String target, String lines) throws IOException {
    String host = server.getAddress().getHostAddress() + ":" + server.getPort();
    String head = "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + lines + "\r\n";
    write(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Override
  void secured() throws IOException {
    owner.free(this, Answer.NONE);
  }

  @Override
  void received(ByteBuffer plain) throws IOException {
    while (plain.hasRemaining()) {
      parser.parseNext(plain);
      if (parser.isComplete()) {
        Answer answer = new Answer(status, headers.asImmutable(), body.toByteArray());
        headers.clear();
        body.reset();
        parser.reset();
        owner.free(this, answer);
      }
    }
  }

  @Override
  void lost(IOException cause) throws IOException {
    owner.lost(this, new IOException("lost a connection to " + server, cause));
  }

  private final class Reader implements HttpParser.ResponseHandler {
    @Override
    public void startResponse(HttpVersion version, int code, String reason) {
      status = code;
    }

    @Override
    public void parsedHeader(HttpField field) {
      headers.add(field);
    }

    @Override
    public boolean headerComplete() {
      return false;
    }

    @Override
    public boolean content(ByteBuffer content) {
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      body.writeBytes(bytes);
      return false;
    }

    @Override
    public boolean contentComplete() {
      return false;
    }

    @Override
    public boolean messageComplete() {
      return true;
    }

    @Override
    public void earlyEOF() {
      throw new IllegalStateException("an answer broke off");
    }
  }
}
