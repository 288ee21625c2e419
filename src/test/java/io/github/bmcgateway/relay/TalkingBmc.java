package io.github.bmcgateway.relay;

import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A BMC whose pages say where they were asked for, and whose sockets send back what they get. A
 * socket below {@code /vnc/} without a query is refused, as an iDRAC9's.
 */
final class TalkingBmc implements AutoCloseable {
  private final ScriptedBmc bmc;
  private final Semaphore events = new Semaphore(0);

  TalkingBmc() throws IOException {
    bmc = ScriptedBmc.start(this::answer);
  }

  /** Lets the page {@code /events} send its next event. */
  void nextEvent() {
    events.release();
  }

  int port() {
    return bmc.port();
  }

  List<Exchange> exchanges() {
    return bmc.exchanges();
  }

  Exchange last() {
    return bmc.last();
  }

  private void answer(Exchange exchange) throws IOException {
    String target = exchange.requestLine().split(" ")[1];
    if (target.equals("/events")) {
      sendEvents(exchange);
    } else if (exchange.values("Upgrade").isEmpty()) {
      byte[] body = exchange.body();
      exchange.ok(
          "Content-Type: text/plain\r\n", "at " + target + " with " + body.length + " bytes");
    } else if (target.startsWith("/vnc/") && !target.contains("?")) {
      exchange.say("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    } else {
      upgrade(exchange);
    }
  }

  private void sendEvents(Exchange exchange) throws IOException {
    exchange.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
    for (int event = 1; event <= 3; event++) {
      exchange.say("data: " + event + "\n\n");
      events.acquireUninterruptibly();
    }
    throw new IOException("over");
  }

  static void upgrade(Exchange exchange) throws IOException {
    boolean binary = exchange.values("Sec-WebSocket-Protocol").toString().contains("binary");
    exchange.upgrade(binary ? "Sec-WebSocket-Protocol: binary\r\n" : "");
    DataInputStream in = new DataInputStream(exchange.in());
    while (true) {
      int opCode = in.readUnsignedByte();
      byte[] payload = new byte[in.readUnsignedByte() & 0x7f];
      byte[] mask = in.readNBytes(4);
      in.readFully(payload);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i & 3];
      }
      exchange.out().write(opCode);
      exchange.out().write(payload.length);
      exchange.out().write(payload);
      exchange.out().flush();
      if ((opCode & 0xf) == 8) {
        throw new IOException("closed");
      }
    }
  }

  @Override
  public void close() throws IOException {
    bmc.close();
  }
}
