package io.github.bmcgateway.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process that a test starts and that ends with it. Its output goes to a file. */
final class ServerProcess implements AutoCloseable {

  /** Longest wait for anything that a process should do at once. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final List<String> SETTINGS =
      List.of(
          "JWT_",
          "BMC_",
          "PUBLIC_HOSTS",
          "LISTEN",
          "CERT_PATH",
          "KEY_PATH",
          "JETTY_",
          "CATALINA_",
          "CONSOLES_",
          "ADMIN_",
          "AUDIT_",
          "JAVA_OPTIONS");

  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts a command in a folder, with an environment that holds no settings but the given. */
  static ServerProcess start(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path log = Files.createTempFile(folder, "console", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> SETTINGS.stream().anyMatch(name::startsWith));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return new ServerProcess(builder.start(), log);
  }

  /** Waits until the condition holds, and fails with the process' output if it doesn't or ends. */
  void await(String what, BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || Instant.now().isAfter(end)) {
        throw new AssertionError(
            "no " + what + (process.isAlive() ? "" : ", it ended") + ":\n" + output());
      }
      Thread.sleep(50);
    }
  }

  /** Whether it has not ended yet. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** The number by which the system knows it. */
  long pid() {
    return process.pid();
  }

  /** Asks the process to end (SIGTERM). */
  void terminate() {
    process.destroy();
  }

  /** Waits for the end of the process: its exit code. */
  int awaitExit(Duration longest) throws InterruptedException {
    if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + longest + ":\n" + output());
    }
    return process.exitValue();
  }

  /** The name of the user that it runs as. */
  Optional<String> user() {
    return process.info().user();
  }

  /** What the process printed so far. */
  String output() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
