package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.idrac8.ConsoleMessage.Family;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The third socket, which the viewer opens in a worker: virtual media. The image stays with the
 * viewer, and the unit reads its blocks.
 *
 * <p>Login and drive list are as the firmware's viewer has them. The rest is this unit's own:
 * 0x0300 announces an image (drive u8 at 12, blocks u32 at 16), 0x8301 reads blocks (first u32 at
 * 12, count u32 at 16), 0x0301 brings them (bytes at 20). Once the image or the set limit is read,
 * it notes {@code "read <bytes> <sha256>"}.
 */
final class MediaChannel implements Channel {

  static final int LOGIN = 0x0100;
  static final int DRIVES = 0x0200;
  static final int MAP = 0x0300;
  static final int BLOCKS = 0x0301;
  static final int READ = 0x8301;
  static final int BLOCK = 2048;

  private static final int ANSWER = 0x8000;
  private static final int BLOCKS_PER_READ = 64;
  private static final int CD = 2;
  private static final int FLOPPY = 4;

  private final Wire wire;
  private final ConsoleLogins logins;
  private final long readLimit;
  private final MessageDigest digest;
  private boolean loggedIn;
  private long totalBlocks;
  private long nextBlock;
  private long bytes;

  MediaChannel(Wire wire, ConsoleLogins logins, long readLimit) {
    this.wire = wire;
    this.logins = logins;
    this.readLimit = readLimit;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void message(ConsoleMessage message) {
    if (message.is(Family.AVMP, LOGIN)) {
      login(message);
    } else if (!loggedIn) {
      wire.refuse(message + " before the login");
    } else if (message.is(Family.AVMP, DRIVES)) {
      wire.event("drives");
      wire.send(drives());
    } else if (message.is(Family.AVMP, MAP)) {
      map(message);
    } else if (message.is(Family.AVMP, BLOCKS)) {
      blocks(message.tail(20));
    } else {
      wire.refuse("unknown " + message);
    }
  }

  private void login(ConsoleMessage message) {
    var login = logins.findByMediaPair(message).filter(found -> message.bytes().length == 153);
    loggedIn = login.isPresent();
    ByteBuffer out = ConsoleMessage.make(Family.AVMP, ANSWER | LOGIN, 111);
    wire.send(out.putShort(12, (short) (loggedIn ? 0 : 1)).array());
    if (login.isEmpty()) {
      wire.refuse("media login refused");
    } else {
      wire.event("media login");
      login.get().whenEnded(wire::end);
    }
  }

  private static byte[] drives() {
    ByteBuffer out = ConsoleMessage.make(Family.AVMP, ANSWER | DRIVES, 14 + 4 * 2);
    out.position(12).putShort((short) 2);
    out.put((byte) CD).put((byte) 0).putShort((short) 0);
    out.put((byte) FLOPPY).put((byte) 0).putShort((short) 1);
    return out.array();
  }

  private void map(ConsoleMessage message) {
    totalBlocks = Integer.toUnsignedLong(message.u32(16));
    nextBlock = 0;
    bytes = 0;
    digest.reset();
    wire.event("map " + message.u8(12) + " " + totalBlocks);
    read();
  }

  private void blocks(byte[] payload) {
    digest.update(payload);
    bytes += payload.length;
    read();
  }

  private void read() {
    if (nextBlock >= totalBlocks || bytes >= readLimit) {
      wire.event("read " + bytes + " " + HexFormat.of().formatHex(digest.digest()));
      return;
    }
    int count = (int) Math.min(BLOCKS_PER_READ, totalBlocks - nextBlock);
    ByteBuffer out = ConsoleMessage.make(Family.AVMP, READ, 20);
    wire.send(out.putInt(12, (int) nextBlock).putInt(16, count).array());
    nextBlock += count;
  }

  @Override
  public void gone() {}
}
