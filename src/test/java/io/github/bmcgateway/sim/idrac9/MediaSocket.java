package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.SimulatedSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.eclipse.jetty.websocket.core.CloseStatus;

/**
 * {@code /vnc/vmedia}: the image stays with the client, and the unit reads its blocks. Messages are
 * little-endian words: type, image type, length, token, status.
 *
 * <p>Reads the image from its first block to its end or to the set limit, then notes {@code "read
 * <bytes> <sha256>"}.
 */
final class MediaSocket extends SimulatedSocket {

  static final int READ = 0x1;
  static final int EJECT = 0x8;
  static final int READY = 0x10;
  static final int INQUIRY = 0x20;
  static final int STATUS = 0x100;
  static final int SHUTDOWN = 0x400;
  static final int HEARTBEAT = 0x800;
  static final int CHALLENGE = 0x2000;
  static final int BLOCK = 2048;

  private static final int MOUNTED = 70;
  private static final int PUSHED_BLOCKS = 32;
  private static final int BLOCKS_PER_READ = 64;
  private static final int TOKEN = 0x5EED;

  private enum State {
    KEY,
    READY,
    /** The header of an answer is awaited. */
    HEADER,
    /** The blocks that the header announced are awaited. */
    BLOCKS,
    DONE
  }

  private final String secondKey;
  private final String refreshedKey;
  private final long readLimit;
  private final Runnable onGone;
  private final MessageDigest digest;
  private State state = State.KEY;
  private long totalBlocks;
  private long nextBlock;
  private long bytes;

  MediaSocket(String secondKey, String refreshedKey, long readLimit, Runnable onGone) {
    super(/* pingsAllowed= */ true);
    this.secondKey = secondKey;
    this.refreshedKey = refreshedKey;
    this.readLimit = readLimit;
    this.onGone = onGone;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void opened() {
    send(words(CHALLENGE, 1, 0, /* token */ 0, 0));
  }

  @Override
  protected void message(byte[] message) {
    if (state == State.BLOCKS) {
      blocks(message);
      return;
    }
    if (message.length < 16) {
      refuse("short message");
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    int type = in.getInt(0);
    if (state != State.KEY && in.getInt(12) != TOKEN) {
      refuse("wrong token");
      return;
    }
    switch (type) {
      case CHALLENGE -> key(message);
      case INQUIRY -> inquiry(in);
      case READ -> state = State.BLOCKS;
      case HEARTBEAT -> event("heartbeat");
      case EJECT -> event("eject");
      case SHUTDOWN -> {
        event("goodbye");
        close(CloseStatus.NORMAL, "");
      }
      default -> refuse("message type " + type);
    }
  }

  private void key(byte[] message) {
    boolean right =
        state == State.KEY
            && message.length == 48
            && new String(message, 16, 24, StandardCharsets.US_ASCII).equals(secondKey);
    if (!right) {
      refuse("wrong key");
      return;
    }
    event("handshake");
    state = State.READY;
    ByteBuffer out = ByteBuffer.allocate(16 + 24).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(READY).putInt(1).putInt(24).putInt(TOKEN);
    out.put(ConsoleMessages.text(refreshedKey, 24));
    send(out.array());
  }

  /** The medium is announced; its first 32 blocks follow unasked. */
  private void inquiry(ByteBuffer in) {
    if (state != State.READY || in.limit() != 44) {
      refuse("inquiry out of turn");
      return;
    }
    totalBlocks = Integer.toUnsignedLong(in.getInt(16));
    event("inquiry " + totalBlocks);
    nextBlock = Math.min(PUSHED_BLOCKS, totalBlocks);
    state = State.HEADER;
    send(words(STATUS, 1, 0, TOKEN, MOUNTED));
  }

  private void blocks(byte[] payload) {
    digest.update(payload);
    bytes += payload.length;
    state = State.HEADER;
    if (nextBlock >= totalBlocks || bytes >= readLimit) {
      state = State.DONE;
      event("read " + bytes + " " + HexFormat.of().formatHex(digest.digest()));
      return;
    }
    int count = (int) Math.min(BLOCKS_PER_READ, totalBlocks - nextBlock);
    send(words(READ, 1, 12, TOKEN, (int) nextBlock, count, BLOCK));
    nextBlock += count;
  }

  private void refuse(String why) {
    event(why);
    close(CloseStatus.NORMAL, "");
  }

  private static byte[] words(int... words) {
    ByteBuffer out = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      out.putInt(word);
    }
    return out.array();
  }

  @Override
  protected void gone() {
    onGone.run();
  }
}
