package io.github.bmcgateway.proxy.tls;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.PinFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of BMCs as they were remembered at first use: a copy in memory of a file that
 * others may write too. A file that can't be understood leaves the copy as it is. Safe for use by
 * several threads.
 */
final class PinStore {
  private static final Logger LOG = LoggerFactory.getLogger(PinStore.class);

  private final Path path;
  private final PinFile file;
  private final Clock clock;
  private volatile Map<Endpoint, PinFile.Entry> entries = Map.of();
  private Stamp seen = new Stamp(null, null, -1);

  /** What a file looks like from outside; a new one that takes its place has another key. */
  private record Stamp(@Nullable Object key, @Nullable FileTime modified, long bytes) {
    static Stamp of(Path path) throws IOException {
      try {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
      } catch (NoSuchFileException e) {
        return new Stamp(null, null, 0);
      }
    }
  }

  private PinStore(Path path, Clock clock) {
    this.path = path;
    this.file = new PinFile(path);
    this.clock = clock;
  }

  /** The store in a file, which is read. */
  static PinStore open(Path path, Clock clock) {
    PinStore store = new PinStore(path, clock);
    store.refresh();
    return store;
  }

  /** Whether this is its file. */
  boolean isIn(Path file) {
    return path.equals(file);
  }

  /** The certificate that this port of a BMC is known by. */
  Optional<Fingerprint> get(Endpoint endpoint) {
    return Optional.ofNullable(entries.get(endpoint)).map(PinFile.Entry::fingerprint);
  }

  /**
   * Writes a certificate down, unless another process was faster; the next {@link #refresh} takes
   * it up.
   *
   * @throws IOException when it can't be written down
   */
  void remember(Endpoint endpoint, Fingerprint shown) throws IOException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    file.put(endpoint, new PinFile.Entry(shown, now), PinFile.Existing.KEEP);
  }

  /** Takes up what others have written; whether there was anything. */
  synchronized boolean refresh() {
    try {
      Stamp now = Stamp.of(path);
      if (now.equals(seen)) {
        return false;
      }
      seen = now;
      Map<Endpoint, PinFile.Entry> read = Map.copyOf(file.read());
      boolean changed = !read.equals(entries);
      entries = read;
      return changed;
    } catch (IOException e) {
      LOG.warn("{} can't be used, what it said before still holds: {}", path, e.getMessage());
      return false;
    }
  }
}
