package io.github.bmcgateway.dist;

import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.testing.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** Many bytes that one end of a console sends as fast as they are taken, and how they arrived. */
final class Flood {
  private static final int MESSAGE_BYTES = 64 * 1024;
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

  private final long total;
  private final AtomicLong sent = new AtomicLong();
  private final CompletableFuture<Long> sum = new CompletableFuture<>();

  private Flood(long total) {
    this.total = total;
  }

  /** Begins to send so many bytes, a multiple of 64 KiB. */
  static Flood start(Wire from, long total) {
    Flood flood = new Flood(total);
    Thread sender = new Thread(() -> flood.send(from), "flood");
    sender.setDaemon(true);
    sender.start();
    return flood;
  }

  private void send(Wire from) {
    try {
      ByteBuffer message = ByteBuffer.allocate(MESSAGE_BYTES);
      new Random(1).nextBytes(message.array());
      CRC32C crc = new CRC32C();
      while (sent.get() < total) {
        message.putLong(0, sent.get());
        crc.update(message.array());
        from.frame(/* fin= */ true, Wire.BINARY, message.array());
        sent.addAndGet(MESSAGE_BYTES);
      }
      sum.complete(crc.getValue());
    } catch (IOException e) {
      sum.completeExceptionally(e);
    }
  }

  /** Waits until nothing more is taken: so many bytes were. */
  long awaitStall() {
    long[] last = {-1, 0};
    Eventually.holds(
        "the sender is held up",
        () -> {
          if (sent.get() != last[0]) {
            last[0] = sent.get();
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > QUIET_NANOS;
        });
    return sent.get();
  }

  /** Whether it is still held up where it was. */
  boolean isHeldUpAt(long bytes) {
    return sent.get() == bytes && !sum.isDone();
  }

  /** Reads everything at the other end, answering pings: whether every byte is there, in order. */
  boolean arrivesAt(Wire to) throws Exception {
    CRC32C crc = new CRC32C();
    long received = 0;
    while (received < total) {
      Wire.Frame message = to.readMessage();
      if (message.opCode() == Wire.PING) {
        to.frame(/* fin= */ true, Wire.PONG, message.payload());
      } else {
        crc.update(message.payload());
        received += message.payload().length;
      }
    }
    return received == total && crc.getValue() == sum.get(30, TimeUnit.SECONDS);
  }
}
