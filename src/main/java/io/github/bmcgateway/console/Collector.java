package io.github.bmcgateway.console;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Puts the pieces of a message together again, so that what one peer sent as one frame reaches the
 * other as one frame: containers and TLS deliver a frame in pieces, and the firmware of some BMCs
 * doesn't understand fragments. A message longer than the bound goes on in pieces of about that
 * size. Messages are never merged. Holds at most the bound and one piece; not safe for use by
 * several threads at a time.
 */
final class Collector {
  private final int maxBytes;
  private ByteArrayOutputStream held = new ByteArrayOutputStream(0);
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
    if (!part.last() && held.size() < maxBytes) {
      return Optional.empty();
    }
    return Optional.of(new Part(part.kind(), release(), part.last()));
  }

  private void hold(ByteBuffer bytes) {
    if (!holding) {
      held = new ByteArrayOutputStream(bytes.remaining() * 2);
      holding = true;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    held.writeBytes(copy);
  }

  private ByteBuffer release() {
    ByteBuffer bytes = ByteBuffer.wrap(held.toByteArray());
    held = new ByteArrayOutputStream(0);
    holding = false;
    return bytes;
  }
}
