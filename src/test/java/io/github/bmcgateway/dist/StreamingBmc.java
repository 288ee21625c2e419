package io.github.bmcgateway.dist;

import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * A BMC that tells what of an upload has come so far, and that sends its second event when it is
 * told to. Thread-safe, for one upload or one stream of events at a time.
 */
final class StreamingBmc implements AutoCloseable {
  static final String PAGE = "<html>a page of the BMC, long enough to be compressed</html>";

  private final ScriptedBmc bmc;
  private final AtomicLong received = new AtomicLong();
  private volatile long checksum;
  private volatile CountDownLatch secondEvent = new CountDownLatch(1);

  StreamingBmc() throws IOException {
    bmc = ScriptedBmc.start(this::answer);
  }

  int port() {
    return bmc.port();
  }

  /** The latest request. */
  Exchange last() {
    return bmc.last();
  }

  /** Bytes of the running or latest upload. */
  long received() {
    return received.get();
  }

  /** CRC32C of the latest upload that came whole. */
  long checksum() {
    return checksum;
  }

  /** Lets {@code /events} send its second event and end. */
  void sendSecondEvent() {
    secondEvent.countDown();
  }

  private void answer(Exchange exchange) throws IOException {
    if (exchange.requestLine().startsWith("POST /upload ")) {
      receive(exchange);
      exchange.ok("", Long.toString(received.get()));
    } else if (exchange.requestLine().startsWith("GET /events ")) {
      sendEvents(exchange);
    } else {
      exchange.ok("Content-Type: text/html\r\n", PAGE);
    }
  }

  private void receive(Exchange exchange) throws IOException {
    List<String> length = exchange.values("Content-Length");
    long bytes = Long.parseLong(length.get(0));
    byte[] buffer = new byte[16 * 1024];
    CRC32C sum = new CRC32C();
    received.set(0);
    while (received.get() < bytes) {
      int read =
          exchange.in().read(buffer, 0, (int) Math.min(buffer.length, bytes - received.get()));
      if (read < 0) {
        return;
      }
      sum.update(buffer, 0, read);
      received.addAndGet(read);
    }
    checksum = sum.getValue();
  }

  private void sendEvents(Exchange exchange) throws IOException {
    CountDownLatch toldTo = new CountDownLatch(1);
    secondEvent = toldTo;
    exchange.say(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "b\r\ndata: one\n\n\r\n");
    try {
      if (!toldTo.await(20, TimeUnit.SECONDS)) {
        throw new IOException("nobody saw the first event");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.say("b\r\ndata: two\n\n\r\n0\r\n\r\n");
  }

  @Override
  public void close() throws IOException {
    bmc.close();
  }
}
