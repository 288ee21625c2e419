package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.RecordedSocket;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;

/** One connection: requests one after the other, then perhaps a WebSocket; on its own thread. */
final class WireConnection implements Runnable {

  private static final int HEAD_LIMIT = 8192;
  private static final int LENIENT_HEAD_LIMIT = 64 * 1024;
  private static final int LINGER_MILLIS = 500;
  private static final long LINGER_BYTES = 1 << 20;

  private final WireServer server;
  private final Socket plain;
  private PushbackInputStream in = new PushbackInputStream(InputStream.nullInputStream());
  private OutputStream out = OutputStream.nullOutputStream();

  WireConnection(WireServer server, Socket plain) {
    this.server = server;
    this.plain = plain;
  }

  String remoteAddress() {
    return plain.getInetAddress().getHostAddress();
  }

  /** Ends the connection in the middle, from any thread. */
  void drop() {
    try {
      plain.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void run() {
    server.recorder().connectionOpened();
    boolean counted = true;
    try (SSLSocket tls = server.encrypt(plain)) {
      tls.startHandshake();
      tls.setSoTimeout(Math.toIntExact(server.options().idle().toMillis()));
      in = new PushbackInputStream(new BufferedInputStream(tls.getInputStream(), 64 * 1024));
      out = new BufferedOutputStream(tls.getOutputStream(), 64 * 1024);
      Answer last = serve();
      if (last instanceof Answer.Upgrade upgrade) {
        server.recorder().connectionClosed();
        counted = false;
        tls.setSoTimeout(0);
        upgrade.socket().serve(in, out);
      } else if (last instanceof Answer.Reply) {
        linger(tls);
      }
    } catch (IOException e) {
      // The peer has gone or was dropped; what it was owed can't be sent.
      return;
    } catch (RuntimeException e) {
      server.recorder().violation("What came was more than the unit could take: " + e);
    } finally {
      if (counted) {
        server.recorder().connectionClosed();
      }
      server.ended(this);
    }
  }

  /** Serves requests up to the first that ends the plain HTTP. */
  private Answer serve() throws IOException {
    while (true) {
      HeadReader.Outcome outcome = HeadReader.read(in, headLimit());
      if (outcome instanceof HeadReader.Head head) {
        Answer answer = exchange(head);
        if (!(answer instanceof Answer.Reply reply) || reply.close()) {
          return answer;
        }
      } else if (outcome instanceof HeadReader.End) {
        return new Answer.Broken("");
      } else {
        return refuse(outcome);
      }
    }
  }

  private int headLimit() {
    return server.options().has(Quirk.HEAD_BUDGET) ? HEAD_LIMIT : LENIENT_HEAD_LIMIT;
  }

  private Answer refuse(HeadReader.Outcome outcome) throws IOException {
    boolean large = outcome instanceof HeadReader.TooLarge;
    server
        .recorder()
        .violation(large ? "A head of more than " + headLimit() + " bytes" : "Malformed head");
    Answer.Reply page = Answer.Reply.page(large ? 431 : 400).closing();
    page.send(out, /* headOnly= */ false);
    return page;
  }

  private Answer exchange(HeadReader.Head head) throws IOException {
    RecordedRequest recorded =
        new RecordedRequest(head.method(), head.target(), head.headers(), server.port());
    server.arrived(recorded);
    int status = 0;
    try {
      RequestBody body = RequestBody.of(in, recorded);
      WireRequest request = new WireRequest(recorded, body, this);
      LockSupport.parkNanos(server.options().latency().toNanos());
      Answer answer = server.answer(request);
      if (answer instanceof Answer.Reply reply) {
        Answer.Reply ending = isLast(head, recorded) ? reply.closing() : reply;
        status = reply.status();
        if (!ending.close()) {
          body.transferTo(OutputStream.nullOutputStream());
        }
        ending.send(out, head.method().equals("HEAD"));
        return ending;
      }
      status = 101;
      start(answer, recorded);
      return answer;
    } finally {
      recorded.complete(status);
    }
  }

  private static boolean isLast(HeadReader.Head head, RecordedRequest recorded) {
    return head.version().equals("HTTP/1.0")
        || recorded.header("Connection").filter("close"::equalsIgnoreCase).isPresent();
  }

  private void start(Answer answer, RecordedRequest recorded) throws IOException {
    String bytes = "";
    if (answer instanceof Answer.Upgrade upgrade) {
      bytes = upgrade.head();
      upgrade.socket().attach(server, new RecordedSocket(recorded));
    } else if (answer instanceof Answer.Broken broken) {
      bytes = broken.bytes();
    }
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Closing with unread bytes would reset the connection before the answer is read. */
  private void linger(SSLSocket tls) throws IOException {
    tls.shutdownOutput();
    tls.setSoTimeout(LINGER_MILLIS);
    byte[] dropped = new byte[16 * 1024];
    long count = 0;
    int read = in.read(dropped);
    while (read >= 0 && count < LINGER_BYTES) {
      count += read;
      read = in.read(dropped);
    }
  }

  boolean isClosedByPeerWithin(Duration time) throws IOException {
    if (time.isZero()) {
      return false;
    }
    int before = plain.getSoTimeout();
    plain.setSoTimeout(Math.toIntExact(time.toMillis()));
    try {
      int next = in.read();
      if (next >= 0) {
        in.unread(next);
        LockSupport.parkNanos(time.toNanos());
        return false;
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    } finally {
      if (!plain.isClosed()) {
        plain.setSoTimeout(before);
      }
    }
  }
}
