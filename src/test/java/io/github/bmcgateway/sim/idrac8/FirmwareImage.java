package io.github.bmcgateway.sim.idrac8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/**
 * A file that was uploaded as the one part of a {@code multipart/form-data} body.
 *
 * @param bytes its size
 * @param sha256 64 lower-case hex digits
 */
public record FirmwareImage(long bytes, String sha256) {

  private static final int LONGEST_PART_HEAD = 4096;
  private static final int PIECE = 64 * 1024;

  /**
   * Reads the body to its end. Blocks.
   *
   * @param length the body's length, from {@code Content-Length}
   * @param boundary from {@code Content-Type}
   * @param bytesPerSecond how fast to read; 0 for as fast as it comes
   */
  static FirmwareImage read(InputStream body, long length, String boundary, long bytesPerSecond)
      throws IOException {
    long head = skipPartHead(body);
    long end = "\r\n--".length() + boundary.length() + "--\r\n".length();
    long bytes = Math.max(0, length - head - end);
    MessageDigest digest = newDigest();
    DigestInputStream hashing = new DigestInputStream(body, digest);
    long left = bytes;
    while (left > 0) {
      int read = hashing.readNBytes((int) Math.min(PIECE, left)).length;
      if (read == 0) {
        throw new IOException("the body ended " + left + " bytes early");
      }
      left -= read;
      pause(read, bytesPerSecond);
    }
    body.transferTo(OutputStream.nullOutputStream());
    return new FirmwareImage(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static long skipPartHead(InputStream body) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = body.read();
      if (next < 0 || head.size() == LONGEST_PART_HEAD) {
        throw new IOException("no part in the body");
      }
      head.write(next);
    }
    return head.size();
  }

  private static void pause(int read, long bytesPerSecond) {
    if (bytesPerSecond > 0) {
      LockSupport.parkNanos(read * 1_000_000_000L / bytesPerSecond);
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
