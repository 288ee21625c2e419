package io.github.bmcgateway.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The file of the certificates that were remembered at first use or accepted since: a line for each
 * port of each BMC, with the fingerprint and since when it holds. Several processes may write it: a
 * lock file beside it keeps them apart, and a reader sees the old or the new file, never half of
 * one. Holds at most 65,536 lines. Safe for use by several threads.
 */
public final class PinFile {
  private static final String HEAD =
      """
      # Certificates of BMCs, each remembered at its first use or accepted since (SHA-256). The
      # gateway takes up changes at once. To have a BMC's certificate remembered anew, remove its line.
      """;

  private static final int MAX_ENTRIES = 1 << 16;
  private static final long MAX_BYTES = 16 << 20;
  private static final long LOCK_SECONDS = 5;
  private static final long LOCK_RETRY_MILLIS = 5;

  private final Path file;

  /**
   * A certificate.
   *
   * @param since when it was remembered or accepted
   */
  public record Entry(Fingerprint fingerprint, Instant since) {}

  /** What a change does with an entry that is there already. */
  public enum Existing {
    /** It stays. */
    KEEP,
    /** The new one takes its place. */
    REPLACE
  }

  /**
   * @param file needn't be there yet; its folder must be writable
   */
  public PinFile(Path file) {
    this.file = file;
  }

  /** Refuses a file that is there and can't be used. */
  static void check(Path file) throws BadValueException {
    try {
      new PinFile(file).read();
    } catch (IOException e) {
      throw new BadValueException("the file can't be used (" + e.getMessage() + ")");
    }
  }

  /**
   * All entries; none if there is no file.
   *
   * @throws IOException when it can't be read or a line isn't understood; the message says which
   */
  public Map<Endpoint, Entry> read() throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("longer than 16 MiB");
      }
      return parse(Files.readAllLines(file));
    } catch (NoSuchFileException e) {
      return Map.of();
    }
  }

  /**
   * Adds an entry; returns all entries as they are then. Waits at most 5 seconds for other writers.
   *
   * @throws IOException when the file can't be read or written, or is full; it is unchanged then
   */
  public Map<Endpoint, Entry> put(Endpoint endpoint, Entry entry, Existing existing)
      throws IOException {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock(channel);
      Map<Endpoint, Entry> entries = new LinkedHashMap<>(read());
      if (existing == Existing.REPLACE || !entries.containsKey(endpoint)) {
        entries.put(endpoint, entry);
        write(entries);
      }
      return entries;
    }
  }

  /** Closing the channel, or the end of the process, releases it. */
  private static void lock(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOCK_SECONDS);
    while (!tryLock(channel)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("another process holds its lock");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOCK_RETRY_MILLIS));
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  private void write(Map<Endpoint, Entry> entries) throws IOException {
    if (entries.size() > MAX_ENTRIES) {
      throw new IOException("full: it holds " + MAX_ENTRIES + " certificates at most");
    }
    StringBuilder text = new StringBuilder(HEAD);
    entries.forEach(
        (endpoint, entry) ->
            text.append(endpoint)
                .append(' ')
                .append(entry.fingerprint())
                .append(' ')
                .append(entry.since())
                .append('\n'));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      // Else a power cut could leave the new name on an empty file.
      channel.force(/* metaData= */ true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Map<Endpoint, Entry> parse(List<String> lines) throws IOException {
    Map<Endpoint, Entry> entries = new LinkedHashMap<>();
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (!parse(line, entries)) {
        throw new IOException("line " + (index + 1) + " isn't understood, or is there twice");
      }
    }
    if (entries.size() > MAX_ENTRIES) {
      throw new IOException("more than " + MAX_ENTRIES + " certificates");
    }
    return entries;
  }

  private static boolean parse(String line, Map<Endpoint, Entry> entries) {
    String[] words = line.split(" +", -1);
    if (words.length != 3) {
      return false;
    }
    try {
      Entry entry = new Entry(Fingerprint.parse(words[1]).orElseThrow(), Instant.parse(words[2]));
      return entries.put(Endpoint.parse(words[0]).orElseThrow(), entry) == null;
    } catch (DateTimeException | NoSuchElementException e) {
      return false;
    }
  }
}
