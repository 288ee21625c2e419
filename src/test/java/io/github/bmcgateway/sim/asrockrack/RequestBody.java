package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A request's body on its connection, of a known length or in chunks. Not thread-safe. */
final class RequestBody extends InputStream {

  private final InputStream in;
  private final RecordedRequest recorded;
  private final boolean chunked;
  private long left;
  private boolean ended;
  private boolean started;

  private RequestBody(InputStream in, RecordedRequest recorded, boolean chunked, long length) {
    this.in = in;
    this.recorded = recorded;
    this.chunked = chunked;
    this.left = length;
    this.ended = !chunked && length == 0;
  }

  static RequestBody of(InputStream in, RecordedRequest recorded) {
    boolean chunked = recorded.header("Transfer-Encoding").isPresent();
    long length = chunked ? 0 : recorded.header("Content-Length").map(Long::parseLong).orElse(0L);
    return new RequestBody(in, recorded, chunked, length);
  }

  /** Whether all of it was read. */
  boolean isRead() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!ended && chunked && left == 0) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(into, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("cut off in the body");
    }
    left -= count;
    ended = left == 0 && !chunked;
    recorded.body(ByteBuffer.wrap(into, offset, count));
    return count;
  }

  private void nextChunk() throws IOException {
    if (started) {
      line();
    }
    started = true;
    left = Long.parseLong(line().split(";")[0].trim(), 16);
    if (left == 0) {
      while (!line().isEmpty()) {
        // A trailer, which nobody asked for.
        continue;
      }
      ended = true;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("cut off in a chunk");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
