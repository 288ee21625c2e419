package io.github.bmcgateway.testing;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of others that a test runs, led by lines on its standard input and output.
 *
 * <p>It and what it has started end with {@link #close}, in any case. Not thread-safe.
 */
public final class Program implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long END_SECONDS = 5;

  private final Process process;
  private final Path errors;
  private final BufferedWriter input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Program(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a program.
   *
   * @param folder for what it writes to its standard error
   */
  public static Program start(Path folder, List<String> command) throws IOException {
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    return new Program(builder.start(), errors);
  }

  /** Where a command lies; fails with the command that installs it when it isn't there. */
  public static String find(String command, String debianPackage) {
    // Where Debian has servers, which is on the path of root only.
    String folders = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
    return Stream.of(folders.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, command))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> missing(debianPackage, "apt-get install -y " + debianPackage))
        .toString();
  }

  /** Fails with the command that installs it when a file of a tool isn't there. */
  public static void require(Path file, String what, String installCommand) {
    if (!Files.exists(file)) {
      throw missing(what, installCommand);
    }
  }

  private static AssertionError missing(String what, String installCommand) {
    return new AssertionError(
        "%s is not installed. Install it with: %s".formatted(what, installCommand));
  }

  /** As {@link #require(Path, String, String)}, for a package of Debian. */
  public static void require(Path file, String debianPackage) {
    require(file, debianPackage, "apt-get install -y " + debianPackage);
  }

  /** Writes a line to its standard input. */
  public void send(String line) {
    try {
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(errors(), e);
    }
  }

  /** The next line of its standard output; fails when none comes in time. */
  public String line() {
    try {
      return Optional.ofNullable(lines.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS))
          .orElseThrow(() -> new AssertionError("No line within " + LIMIT + ". " + errors()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> started;
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      started = descendants.toList();
    }
    process.destroy();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
    }
    started.forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends it as a crash does: it can't say goodbye to anybody. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** What it wrote to its standard error so far. */
  public String errors() {
    try {
      return "It wrote: " + Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("its output broke off: " + e);
    }
  }
}
