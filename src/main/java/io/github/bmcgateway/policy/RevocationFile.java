package io.github.bmcgateway.policy;

import io.github.bmcgateway.policy.Revocations.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of revocations, one JSON object a line. Each line is taken up once, within about a second
 * of its appearance; a line that is no revocation is logged and the others count. Lines only add:
 * taking one away, or the whole file, ends no revocation. Has a thread of its own, since a file can
 * lie on a disk that hangs. Safe for use by several threads.
 */
public final class RevocationFile implements AutoCloseable {
  /** Longest file in bytes. */
  static final int MAX_BYTES = 16 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(RevocationFile.class);

  private final Path file;
  private final RevocationJson json;
  private final Function<Revocation, Outcome> take;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, RevocationFile::daemon);
  private Set<String> seen = new HashSet<>();
  private Optional<Version> version = Optional.empty();
  private boolean failed;

  /** What tells that a file has changed. */
  private record Version(long modifiedNanos, long size, Optional<Object> key) {
    static Version of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(
          now.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          now.size(),
          Optional.ofNullable(now.fileKey()));
    }
  }

  /**
   * @param file need not exist yet
   * @param take puts a revocation in force; takes one that is in force already as well
   */
  public RevocationFile(Path file, RevocationJson json, Function<Revocation, Outcome> take) {
    this.file = file;
    this.json = json;
    this.take = take;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "bmc-gateway-revocations");
    thread.setDaemon(true);
    return thread;
  }

  /** Takes up what is in the file now, and from then on what comes. */
  public void watch(Duration interval) {
    look();
    thread.scheduleWithFixedDelay(
        this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes up what has come since the last look; never throws. */
  synchronized void look() {
    try {
      Optional<Version> now = Optional.of(Version.of(file));
      if (!now.equals(version)) {
        takeAll();
        version = now;
      }
      failed = false;
    } catch (NoSuchFileException e) {
      version = Optional.empty();
    } catch (IOException | RuntimeException e) {
      // Once for each trouble: it is tried again every second.
      if (!failed) {
        LOG.error(
            "The revocation file can't be read; what was read before stays in force: {}",
            e.toString());
      }
      failed = true;
    }
  }

  private void takeAll() throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("it is longer than " + MAX_BYTES + " bytes");
    }
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    Set<String> current = new HashSet<>();
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index).strip();
      if (!line.isEmpty() && current.add(line) && !seen.contains(line) && !took(line, index + 1)) {
        current.remove(line);
      }
    }
    seen = current;
  }

  /** Whether the line is done with; else it is tried again when the file changes. */
  private boolean took(String line, int number) {
    try {
      return take.apply(json.read(line)) != Outcome.FULL;
    } catch (InvalidRevocationException e) {
      LOG.error("Line {} of the revocation file counts for nothing: {}", number, e.why());
      return true;
    }
  }

  /**
   * Writes a revocation to the end of the file, through to the disk.
   *
   * @throws IOException it may not be there after a restart
   */
  public synchronized void append(Revocation revocation) throws IOException {
    String line = RevocationJson.line(revocation);
    ByteBuffer text =
        ByteBuffer.wrap(
            ((endsWithinLine() ? "\n" : "") + line + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.force(/* metaData= */ true);
    }
    seen.add(line);
  }

  private boolean endsWithinLine() throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel in = FileChannel.open(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return in.size() > 0 && in.read(last, in.size() - 1) == 1 && last.get(0) != '\n';
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
