package io.github.bmcgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The lines of a file that another thread or process is writing. */
public final class WrittenLines {
  private WrittenLines() {}

  /** The whole lines that are there; none before the file is made. */
  public static List<String> of(Path file) {
    try {
      String text = Files.readString(file);
      // What stands behind the last end of a line is still being written.
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (NoSuchFileException notMade) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
