package io.github.bmcgateway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM on this machine holds, by Linux's {@code /proc} and its own {@code jcmd}.
 *
 * @param heapMiB used after a full collection
 * @param rssMiB resident
 * @param spoolMiB of the files in the spool's folder
 */
record Vitals(double heapMiB, double rssMiB, double threads, double files, double spoolMiB) {
  /** Of each generation, where the collector has them. */
  private static final Pattern USED = Pattern.compile("total +\\d+K, used (\\d+)K");

  private static final double MIB = 1 << 20;

  /** After a full collection. */
  static Vitals of(long pid, Path spool) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    double used =
        USED.matcher(jcmd(pid, "GC.heap_info"))
            .results()
            .mapToLong(generation -> Long.parseLong(generation.group(1)))
            .sum();
    Path proc = Path.of("/proc", Long.toString(pid));
    return new Vitals(
        used / 1024.0,
        status(proc, "VmRSS") / 1024.0,
        status(proc, "Threads"),
        count(proc.resolve("fd")),
        bytes(spool) / MIB);
  }

  static String heading() {
    return "  heap MiB   RSS MiB  threads    files spool MiB";
  }

  @Override
  public String toString() {
    return "%10.1f%10.1f%9.0f%9.0f%10.1f".formatted(heapMiB, rssMiB, threads, files, spoolMiB);
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd " + command + ": " + said);
    }
    return said;
  }

  private static long status(Path proc, String name) throws IOException {
    try (Stream<String> lines = Files.lines(proc.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
