package io.github.bmcgateway.token;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys of a file that is watched: a good change is taken up, a bad one is logged once and leaves
 * the old keys in force. The content is compared, not its date, which may be kept by what copies
 * files. Safe for use by several threads.
 */
final class FileKeys implements KeySource {
  /** Understands the content; no message of its exception may hold any of it. */
  @FunctionalInterface
  interface Format {
    KeyRing parse(String content) throws InvalidKeysException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(FileKeys.class);

  private final String setting;
  private final Path file;
  private final int maxBytes;
  private final Format format;
  private Reading settled;
  private Reading last;
  private volatile KeyRing keys;

  /** What one look at the file found: a content, or why there is none. */
  private record Reading(String content, String problem) {}

  /**
   * Reads the file for the first time.
   *
   * @param setting named in messages
   * @throws InvalidKeysException the file can't be read, or not be understood
   */
  FileKeys(String setting, Path file, int maxBytes, Format format) throws InvalidKeysException {
    this.setting = setting;
    this.file = file;
    this.maxBytes = maxBytes;
    this.format = format;
    settled = read();
    last = settled;
    keys = parse(settled);
  }

  @Override
  public KeyRing current() {
    return keys;
  }

  /** Takes up what two looks in a row have found: whoever writes the file may not be done yet. */
  @Override
  public synchronized void look() {
    Reading now = read();
    boolean isSettled = now.equals(last);
    last = now;
    if (isSettled && !now.equals(settled)) {
      settled = now;
      take(now);
    }
  }

  private void take(Reading reading) {
    try {
      keys = parse(reading);
      LOG.info("{}: the file has changed; keys in force: {}", setting, keys.size());
    } catch (InvalidKeysException e) {
      LOG.warn("{}. The change is not taken up: the old keys stay in force.", e.getMessage());
    }
  }

  private KeyRing parse(Reading reading) throws InvalidKeysException {
    try {
      if (!reading.problem().isEmpty()) {
        throw new InvalidKeysException(reading.problem());
      }
      return format.parse(reading.content());
    } catch (InvalidKeysException e) {
      throw new InvalidKeysException(
          "%s: the file %s is refused: %s".formatted(setting, file, e.getMessage()));
    }
  }

  private Reading read() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(maxBytes + 1);
      return content.length > maxBytes
          ? new Reading("", "longer than " + maxBytes / 1024 + " KiB")
          : new Reading(text(content), "");
    } catch (CharacterCodingException e) {
      return new Reading("", "not UTF-8 text");
    } catch (IOException e) {
      return new Reading("", "it can't be read");
    }
  }

  private static String text(byte[] content) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
  }
}
