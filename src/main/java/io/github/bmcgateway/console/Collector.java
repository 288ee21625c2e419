package io.github.bmcgateway.console;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Puts the pieces of a message together again, so that what one peer sent as one frame reaches the
 * other as one frame: containers and TLS deliver a frame in pieces, and the firmware of some BMCs
 * doesn't understand fragments. A message longer than the bound goes on in pieces of about that
 * size. Messages are never merged. Holds at most the bound and one piece; not safe for use by
 * several threads at a time.
 */
final class Collector {
  private static final byte[] NOTHING = {};

  /** Room for a frame as video and virtual media have them; TLS brings it 16 KiB at a time. */
  private static final int FIRST_BYTES = 64 * 1024;

  private final int maxBytes;
  private byte[] held = NOTHING;
  private int size;
  private boolean holding;

  Collector(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes a piece.
   *
   * @return what is to be sent now: the piece itself if nothing was held, else all that was held;
   *     empty when more is awaited, and then the piece's bytes were copied
   */
  Optional<Part> add(Part part) {
    if (!holding && (part.last() || part.bytes().remaining() >= maxBytes)) {
      return Optional.of(part);
    }
    hold(part.bytes());
    if (!part.last() && size < maxBytes) {
      return Optional.empty();
    }
    return Optional.of(new Part(part.kind(), release(), part.last()));
  }

  private void hold(ByteBuffer bytes) {
    holding = true;
    int taken = bytes.remaining();
    int needed = size + taken;
    if (needed > held.length) {
      held = Arrays.copyOf(held, capacity(needed));
    }
    bytes.get(held, size, taken);
    size = needed;
  }

  private int capacity(int needed) {
    return Math.max(needed, Math.min(maxBytes, Math.max(2 * needed, FIRST_BYTES)));
  }

  private ByteBuffer release() {
    ByteBuffer bytes = ByteBuffer.wrap(held, 0, size);
    held = NOTHING;
    size = 0;
    holding = false;
    return bytes;
  }
}
