package io.github.bmcgateway.proxy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all bodies that are on disk take of it. Safe for use by several threads. */
final class SpoolSpace {
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger files = new AtomicInteger();

  /** A file was made. */
  void opened() {
    files.incrementAndGet();
  }

  /** Counts bytes and returns how many there are now. */
  long written(long count) {
    return bytes.addAndGet(count);
  }

  /** A file with so many bytes is gone. */
  void deleted(long count) {
    bytes.addAndGet(-count);
    files.decrementAndGet();
  }

  long bytes() {
    return bytes.get();
  }

  int files() {
    return files.get();
  }
}
