package io.github.bmcgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One thread's selector, with the buffers that its connections share. Used by one thread only. */
final class Loop {
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final long LONGEST_WAIT_MILLIS = 50;

  final Selector selector;
  final ByteBuffer encrypted = ByteBuffer.allocateDirect(BUFFER_BYTES);
  final ByteBuffer plain = ByteBuffer.allocate(BUFFER_BYTES);
  final ByteBuffer outgoing = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /** What a selected key is attached to. */
  interface Ready {
    void ready(SelectionKey key) throws IOException;
  }

  Loop() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves the connections for a time. */
  void run(long nanos) {
    long end = System.nanoTime() + nanos;
    runUntil(() -> System.nanoTime() >= end, nanos + TimeUnit.SECONDS.toNanos(1));
  }

  /** Serves the connections until something holds. */
  void runUntil(BooleanSupplier done, long patienceNanos) {
    long end = System.nanoTime() + patienceNanos;
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited in vain");
      }
      turn(LONGEST_WAIT_MILLIS);
    }
  }

  /** Serves what is ready, or waits so long for something. */
  void turn(long waitMillis) {
    try {
      selector.select(Loop::serve, waitMillis);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serve(SelectionKey key) {
    try {
      ((Ready) key.attachment()).ready(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
