package io.github.bmcgateway.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One body on disk, which counts against the space of all until it is deleted. Written by one
 * thread at a time; deleted by any.
 */
final class SpoolFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolFile.class);

  private final Path path;
  private final OutputStream out;
  private final AtomicLong space;
  private final long limit;
  private long bytes;
  private boolean deleted;

  private SpoolFile(Path path, OutputStream out, AtomicLong space, long limit) {
    this.path = path;
    this.out = out;
    this.space = space;
    this.limit = limit;
  }

  /**
   * A new file.
   *
   * @param space the bytes of all files that are there
   * @param limit how many those may be
   * @throws IOException it can't be made
   */
  static SpoolFile create(Path folder, AtomicLong space, long limit) throws IOException {
    Path path = Files.createTempFile(folder, "bmc-gateway-", ".spool");
    try {
      return new SpoolFile(path, Files.newOutputStream(path), space, limit);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** How much has been written. */
  synchronized long length() {
    return bytes;
  }

  /**
   * Writes the first bytes of a buffer.
   *
   * @throws IOException there is no room for them, by the limit or on the disk
   */
  void write(byte[] buffer, int count) throws IOException {
    if (count(count) > limit) {
      throw new IOException("the bodies that are spooled have " + limit + " bytes together");
    }
    out.write(buffer, 0, count);
  }

  private synchronized long count(int more) throws IOException {
    if (deleted) {
      throw new IOException("the body's request is over");
    }
    bytes += more;
    return space.addAndGet(more);
  }

  /** Ends the writing; the file stays. */
  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Deletes it, if it hasn't been. */
  synchronized void delete() {
    if (!deleted) {
      deleted = true;
      space.addAndGet(-bytes);
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("A spool file could not be deleted: {}", e.getClass().getSimpleName());
    }
  }
}
