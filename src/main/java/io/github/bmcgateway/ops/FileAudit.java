package io.github.bmcgateway.ops;

import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.AuditLine.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit to a file, from a thread of its own behind a bounded queue. A file that is long
 * enough is renamed to {@code .1}, that one to {@code .2}, and the last one is deleted; a file that
 * somebody else renames or deletes is made anew. Lines that can't be written, because the disk is
 * full or slow, are counted, and the first line that can be written again says how many they were.
 * Safe for use by several threads.
 */
public final class FileAudit implements Audit, AutoCloseable {
  /** Error code of the line that stands for lines that were lost. */
  static final String GAP = "audit_gap";

  private static final Logger LOG = LoggerFactory.getLogger(FileAudit.class);
  private static final int QUEUE_LINES = 8_192;
  private static final int BATCH_LINES = 8_192;
  private static final long LOOK_MILLIS = 500;
  private static final long GATHER_MILLIS = 20;
  private static final long CLOSE_MILLIS = 2_000;

  /** How files are kept. */
  public record Rotation(long maxBytes, int kept) {
    /** Nine files of 64 MiB at most. */
    public static final Rotation STANDARD = new Rotation(64L << 20, 8);
  }

  private final Path file;
  private final Rotation rotation;
  private final Clock clock;
  private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE_LINES);
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong lostInAll = new AtomicLong();
  private final Thread writer = new Thread(this::write, "bmc-gateway-audit");
  private volatile boolean closed;
  private boolean failing;
  private Optional<FileChannel> out = Optional.empty();
  private Optional<Object> key = Optional.empty();

  private FileAudit(Path file, Rotation rotation, Clock clock) {
    this.file = file;
    this.rotation = rotation;
    this.clock = clock;
    writer.setDaemon(true);
  }

  /** Begins to write to this file, behind what it holds. */
  public static FileAudit open(Path file, Rotation rotation, Clock clock) {
    FileAudit audit = new FileAudit(file, rotation, clock);
    audit.writer.start();
    return audit;
  }

  @Override
  public void tell(AuditLine line) {
    if (closed || !queue.offer(line.toJson(clock.instant()))) {
      lose(1);
    }
  }

  private void lose(int lines) {
    lost.addAndGet(lines);
    lostInAll.addAndGet(lines);
  }

  /** Lines that were lost since the start. */
  public long lostInAll() {
    return lostInAll.get();
  }

  /** Lines that were lost since the last one that could be written. */
  long lost() {
    return lost.get();
  }

  private void write() {
    List<String> batch = new ArrayList<>();
    while (!closed || !queue.isEmpty()) {
      try {
        String first = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          // One write for many lines: each by itself would cost as much as its request.
          TimeUnit.MILLISECONDS.sleep(closed ? 0 : GATHER_MILLIS);
          queue.drainTo(batch, BATCH_LINES - 1);
        }
      } catch (InterruptedException e) {
        closed = true;
      }
      writeAll(batch);
      batch.clear();
    }
    closeFile();
  }

  private void writeAll(List<String> batch) {
    long missing = lost.get();
    try {
      FileChannel to = channel(/* idle= */ missing == 0 && batch.isEmpty());
      if (missing > 0) {
        append(to, gap(missing));
        lost.addAndGet(-missing);
      }
      if (!batch.isEmpty()) {
        append(to, String.join("\n", batch));
        batch.clear();
      }
      if (failing) {
        LOG.info("The audit file is written again; lines lost: {}", missing);
      }
      failing = false;
    } catch (IOException | RuntimeException e) {
      lose(batch.size());
      closeFile();
      if (!failing) {
        LOG.error("The audit file can't be written, and its lines are lost: {}", e.toString());
      }
      failing = true;
    }
  }

  private String gap(long missing) {
    return new AuditLine(Event.DENIED)
        .with(Text.ERROR, GAP)
        .with(Text.REASON, missing + " lines lost")
        .toJson(clock.instant());
  }

  private static void append(FileChannel to, String lines) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((lines + "\n").getBytes(StandardCharsets.US_ASCII));
    long begin = to.size();
    try {
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
    } catch (IOException e) {
      // Half a line would spoil the next one.
      to.truncate(begin);
      throw e;
    }
  }

  private FileChannel channel(boolean idle) throws IOException {
    if (out.isPresent() && !isStillThere()) {
      closeFile();
    }
    if (!idle && out.isPresent() && out.get().size() >= rotation.maxBytes()) {
      closeFile();
      rotate();
    }
    if (out.isEmpty()) {
      out =
          Optional.of(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
      key = keyOf(file);
    }
    return out.get();
  }

  private boolean isStillThere() throws IOException {
    try {
      return keyOf(file).equals(key);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static Optional<Object> keyOf(Path file) throws IOException {
    return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
  }

  private void rotate() throws IOException {
    for (int number = rotation.kept(); number > 0; number--) {
      Path from = number == 1 ? file : old(number - 1);
      if (Files.exists(from)) {
        Files.move(from, old(number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path old(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private void closeFile() {
    try {
      if (out.isPresent()) {
        out.get().close();
      }
    } catch (IOException e) {
      LOG.warn("The audit file could not be closed: {}", e.toString());
    }
    out = Optional.empty();
  }

  /** Writes what was told so far, within two seconds, and ends. */
  @Override
  public void close() {
    closed = true;
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!queue.isEmpty() || lost.get() > 0) {
      LOG.error("Audit lines lost at the end: {}", queue.size() + lost.get());
    }
  }
}
