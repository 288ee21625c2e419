package io.github.bmcgateway.sim.asrockrack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds one file in a {@code multipart/form-data} body and hashes it, whatever its size. */
final class FormUpload {

  private static final Pattern BOUNDARY =
      Pattern.compile("multipart/form-data;.*boundary=\"?([^\";]+)\"?.*");

  private final InputStream in;
  private final byte[] delimiter;

  private FormUpload(InputStream in, String boundary) {
    this.in = new BufferedInputStream(in, 64 * 1024);
    delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
  }

  /** The file of that field; none where the body is no form, lacks the field or is cut short. */
  static Optional<AsrockrackSimulator.Upload> read(String type, InputStream in, String field)
      throws IOException {
    Matcher boundary = BOUNDARY.matcher(type);
    return boundary.matches()
        ? new FormUpload(in, boundary.group(1)).find(field)
        : Optional.empty();
  }

  private Optional<AsrockrackSimulator.Upload> find(String field) throws IOException {
    line();
    while (true) {
      String head = partHead();
      if (head.isEmpty()) {
        return Optional.empty();
      }
      Optional<AsrockrackSimulator.Upload> part = part();
      if (head.contains("name=\"" + field + "\"") || part.isEmpty()) {
        return part;
      }
      line();
    }
  }

  private String partHead() throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = line(); !line.isEmpty(); line = line()) {
      head.append(line).append('\n');
    }
    return head.toString();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** Reads up to the delimiter. It holds CR only at its start, so no byte is looked at twice. */
  private Optional<AsrockrackSimulator.Upload> part() throws IOException {
    MessageDigest digest = sha256();
    long bytes = 0;
    int matched = 0;
    while (matched < delimiter.length) {
      int next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      if (next != delimiter[matched]) {
        digest.update(delimiter, 0, matched);
        bytes += matched;
        matched = 0;
      }
      if (next == delimiter[matched]) {
        matched++;
      } else {
        digest.update((byte) next);
        bytes++;
      }
    }
    String hash = HexFormat.of().formatHex(digest.digest());
    return Optional.of(new AsrockrackSimulator.Upload(bytes, hash));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
