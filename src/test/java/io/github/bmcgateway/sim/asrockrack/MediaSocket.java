package io.github.bmcgateway.sim.asrockrack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * {@code /cd-server} and its like: the image stays with the client, and the unit reads its sectors.
 *
 * <p>Reads the image from its first block to its end or to the set limit, then notes {@code "read
 * <bytes> <sha256>"}.
 */
final class MediaSocket extends WireSocket {

  static final int BLOCK = 2048;

  /** As many as the answer of AMI's own client has room for: 128 KiB, behind a head of 61 bytes. */
  static final int BLOCKS_PER_READ = 64;

  static final int ACK_OK = 1;
  static final int ACK_LOGIN_FAILED = 3;
  static final int ACK_IN_USE = 4;

  /** The unit's one context for this kind of medium. */
  interface Slot {
    /** Takes it; false when somebody else has it. */
    boolean take();

    /** Gives it back if it was taken. */
    void release();
  }

  private final ConsoleTokens tokens;
  private final Slot slot;
  private final long readLimit;
  private final Runnable onGone;
  private final MessageDigest digest;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private boolean authorised;
  private long totalBlocks;
  private long nextBlock;
  private int expected;
  private long bytes;

  MediaSocket(ConsoleTokens tokens, Slot slot, long readLimit, Runnable onGone) {
    this.tokens = tokens;
    this.slot = slot;
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
    event("opened");
  }

  @Override
  protected void received(byte[] chunk) throws IOException {
    pending.writeBytes(chunk);
    byte[] all = pending.toByteArray();
    int at = 0;
    while (!isGone() && all.length - at >= Iusb.HEAD) {
      if (!Iusb.isFrame(Arrays.copyOfRange(all, at, at + Iusb.HEAD))) {
        refuse("The medium's stream is out of step");
        return;
      }
      int length = Iusb.HEAD + little(all, at + Iusb.LENGTH);
      if (all.length - at < length) {
        break;
      }
      frame(Arrays.copyOfRange(all, at, at + length));
      at += length;
    }
    pending.reset();
    pending.write(all, at, all.length - at);
  }

  private void frame(byte[] frame) throws IOException {
    if (frame.length < Iusb.DATA || frame.length != Iusb.DATA + little(frame, Iusb.DATA_LENGTH)) {
      refuse("Broken frame of a medium");
      return;
    }
    int command = frame[Iusb.COMMAND] & 0xFF;
    byte[] data = Arrays.copyOfRange(frame, Iusb.DATA, frame.length);
    if (!authorised && command != Iusb.AUTH) {
      refuse("Command " + command + " before the login");
      return;
    }
    switch (command) {
      case Iusb.AUTH -> login(new String(data, StandardCharsets.US_ASCII));
      case Iusb.DEVICE_INFO -> send(Iusb.media(Iusb.READ_CAPACITY, 0, 0, 0, new byte[0]));
      case Iusb.READ_CAPACITY -> capacity(data);
      case Iusb.READ_10 -> blocks(data);
      case Iusb.KEEP_ALIVE -> event("keep-alive");
      case Iusb.DISCONNECT -> {
        event("goodbye");
        leave();
      }
      default -> refuse("Unknown command " + command);
    }
  }

  private void login(String token) throws IOException {
    boolean right = tokens.take(token).isPresent();
    int status = !right ? ACK_LOGIN_FAILED : slot.take() ? ACK_OK : ACK_IN_USE;
    event("login " + status);
    send(Iusb.media(Iusb.ACK, 0, 0, status, new byte[0]));
    authorised = status == ACK_OK;
    if (!authorised) {
      leave();
    }
  }

  private void capacity(byte[] data) throws IOException {
    totalBlocks = Integer.toUnsignedLong(ByteBuffer.wrap(data).getInt(0)) + 1;
    event("capacity " + totalBlocks);
    ask();
  }

  private void ask() throws IOException {
    int count = (int) Math.min(BLOCKS_PER_READ, totalBlocks - nextBlock);
    expected = count * BLOCK;
    send(Iusb.media(Iusb.READ_10, (int) nextBlock, count, 0, new byte[0]));
    nextBlock += count;
  }

  private void blocks(byte[] data) throws IOException {
    if (data.length != expected) {
      refuse("Read " + data.length + " bytes in place of " + expected);
      return;
    }
    digest.update(data);
    bytes += data.length;
    if (nextBlock >= totalBlocks || bytes >= readLimit) {
      event("read " + bytes + " " + HexFormat.of().formatHex(digest.digest()));
    } else {
      ask();
    }
  }

  private void refuse(String why) {
    violation(why);
    leave();
  }

  private static int little(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  @Override
  protected void ended() {
    slot.release();
    onGone.run();
  }
}
