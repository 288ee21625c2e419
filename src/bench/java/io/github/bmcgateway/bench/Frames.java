package io.github.bmcgateway.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads WebSocket frames (RFC 6455, section 5.2), masked or not, in whatever pieces they come. */
final class Frames {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int MAX_HEAD_BYTES = 14;

  private final Sink sink;
  private ByteBuffer head;
  private byte[] payload;
  private int filled;

  /** Is given whole frames. */
  interface Sink {
    /**
     * @param payload unmasked; only valid within the call
     */
    void frame(int opcode, boolean last, ByteBuffer payload) throws IOException;
  }

  Frames(Sink sink) {
    this.sink = sink;
  }

  void read(ByteBuffer in) throws IOException {
    while (in.hasRemaining()) {
      if (payload == null && !readHead(in)) {
        return;
      }
      int taken = Math.min(payload.length - filled, in.remaining());
      in.get(payload, filled, taken);
      filled += taken;
      if (filled < payload.length) {
        return;
      }
      finish();
    }
  }

  private boolean readHead(ByteBuffer in) {
    if (head == null) {
      head = ByteBuffer.allocate(MAX_HEAD_BYTES);
    }
    while (in.hasRemaining() && (head.position() < 2 || head.position() < headBytes())) {
      head.put(in.get());
    }
    if (head.position() < 2 || head.position() < headBytes()) {
      return false;
    }
    payload = new byte[payloadBytes()];
    filled = 0;
    return true;
  }

  private boolean isMasked() {
    return (head.get(1) & 0x80) != 0;
  }

  private int headBytes() {
    int length = head.get(1) & 0x7f;
    int more = length == 127 ? 8 : length == 126 ? 2 : 0;
    return 2 + more + (isMasked() ? 4 : 0);
  }

  private int payloadBytes() {
    int length = head.get(1) & 0x7f;
    return switch (length) {
      case 127 -> Math.toIntExact(head.getLong(2));
      case 126 -> head.getChar(2);
      default -> length;
    };
  }

  private void finish() throws IOException {
    ByteBuffer whole = ByteBuffer.wrap(payload);
    if (isMasked()) {
      mask(whole, head.getInt(headBytes() - 4));
    }
    int first = head.get(0);
    payload = null;
    head = null;
    sink.frame(first & 0x0f, (first & 0x80) != 0, whole);
  }

  private static void mask(ByteBuffer bytes, int key) {
    long wide = ((long) key << 32) | (key & 0xffffffffL);
    int at = 0;
    for (; at + 8 <= bytes.limit(); at += 8) {
      bytes.putLong(at, bytes.getLong(at) ^ wide);
    }
    for (; at < bytes.limit(); at++) {
      bytes.put(at, (byte) (bytes.get(at) ^ (key >> (24 - 8 * (at % 4)))));
    }
  }

  /** A frame that is a server's if the key is 0, else a client's. */
  static ByteBuffer frame(int opcode, boolean last, ByteBuffer payload, int key) {
    int length = payload.remaining();
    int maskBit = key == 0 ? 0 : 0x80;
    ByteBuffer frame = ByteBuffer.allocate(MAX_HEAD_BYTES + length);
    frame.put((byte) (opcode | (last ? 0x80 : 0)));
    if (length < 126) {
      frame.put((byte) (length | maskBit));
    } else if (length < 1 << 16) {
      frame.put((byte) (126 | maskBit)).putChar((char) length);
    } else {
      frame.put((byte) (127 | maskBit)).putLong(length);
    }
    if (key != 0) {
      frame.putInt(key);
    }
    int head = frame.position();
    frame.put(payload).flip();
    mask(frame.slice(head, length), key);
    return frame;
  }
}
