package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.SimulatedSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.eclipse.jetty.websocket.core.CloseStatus;

/**
 * {@code /wss/vmport}: after the hello the unit sends SCSI commands of 12 bytes and the browser
 * answers each with one message, a header of 16 bytes and the data. The path is invented, the
 * commands and the header's first word aren't.
 *
 * <p>The header, little-endian: {@code de c0 ad 0b}, flags, sense, length of the data.
 */
final class MediaSocket extends SimulatedSocket {

  static final int BLOCK = 2048;
  static final int MAGIC = 0x0BADC0DE;

  private static final int HEADER = 16;
  private static final int BLOCKS_PER_READ = 64;
  private static final int TEST_UNIT_READY = 0x00;
  private static final int READ_CAPACITY = 0x25;
  private static final int READ_12 = 0xA8;
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

  private final Ilo5Sessions sessions;
  private final long readLimit;
  private final MessageDigest digest;
  private int asked = -1;
  private long totalBlocks;
  private long nextBlock;
  private long bytes;

  MediaSocket(Ilo5Sessions sessions, long readLimit) {
    super(/* pingsAllowed= */ false);
    this.sessions = sessions;
    this.readLimit = readLimit;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void opened() {
    send(Hello.ask());
  }

  @Override
  protected void message(byte[] message) {
    if (asked < 0) {
      hello(message);
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    boolean answer =
        message.length >= HEADER
            && in.getInt(0) == MAGIC
            && in.getInt(12) == message.length - HEADER;
    if (!answer) {
      violation("Media answer of " + message.length + " bytes isn't whole");
      close(CloseStatus.PROTOCOL, "");
      return;
    }
    answered(in.position(HEADER).slice());
  }

  private void hello(byte[] message) {
    if (Hello.read(message, sessions).isEmpty()) {
      event("wrong hello");
      send(ConsoleAnswer.DENIED.bytes());
      close(CloseStatus.NORMAL, "");
      return;
    }
    event("handshake");
    send(ConsoleAnswer.OK.bytes());
    command(READ_CAPACITY, 0, 0);
  }

  private void answered(ByteBuffer data) {
    if (asked == READ_CAPACITY) {
      totalBlocks = Integer.toUnsignedLong(data.getInt(0)) + 1;
      event("capacity " + totalBlocks);
      read();
    } else if (asked == READ_12) {
      bytes += data.remaining();
      digest.update(data);
      read();
    } else {
      after(KEEP_ALIVE, () -> command(TEST_UNIT_READY, 0, 0));
    }
  }

  private void read() {
    if (nextBlock >= totalBlocks || bytes >= readLimit) {
      event("read " + bytes + " " + HexFormat.of().formatHex(digest.digest()));
      command(TEST_UNIT_READY, 0, 0);
      return;
    }
    int count = (int) Math.min(BLOCKS_PER_READ, totalBlocks - nextBlock);
    command(READ_12, (int) nextBlock, count);
    nextBlock += count;
  }

  /** A command block is big-endian, as SCSI wants it. */
  private void command(int operation, int firstBlock, int blocks) {
    asked = operation;
    ByteBuffer command = ByteBuffer.allocate(12).put((byte) operation).put((byte) 0);
    send(command.putInt(firstBlock).putInt(blocks).array());
  }

  @Override
  protected void gone() {}
}
