package io.github.bmcgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A program under measurement, with all its processes, as the kernel accounts for them. */
final class Peer implements AutoCloseable {
  private static final int TICKS_PER_SECOND = 100;
  private static final Pattern HEAP_USED = Pattern.compile("total +\\d+K, used (\\d+)K");
  private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");
  private static final long START_SECONDS = 60;

  final String name;
  final int port;
  private final Process process;

  private Peer(String name, int port, Process process) {
    this.name = name;
    this.port = port;
    this.process = process;
  }

  /** Starts it and waits until its port takes connections. */
  static Peer start(
      String name, int port, Path log, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log.toFile()).environment().putAll(environment);
    Peer peer = new Peer(name, port, builder.start());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!peer.listens()) {
      if (!peer.process.isAlive() || System.nanoTime() > end) {
        peer.close();
        throw new IOException(name + " did not start, see " + log);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return peer;
  }

  private boolean listens() {
    try (Socket probe = new Socket()) {
      probe.connect(new InetSocketAddress("127.0.0.1", port));
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Processor time of all its processes. */
  double cpuSeconds() {
    return pids().mapToDouble(Peer::cpuSeconds).sum();
  }

  /** For a JVM: processor time of those of its threads that compile, which come and go. */
  double compilerSeconds() throws IOException {
    double sum = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        sum += COMPILER.matcher(stat).find() ? ofStat(stat) : 0;
      }
    } catch (NoSuchFileException ended) {
      return compilerSeconds();
    }
    return sum;
  }

  private static double cpuSeconds(long pid) {
    return ofStat(read(Path.of("/proc/" + pid + "/stat")));
  }

  private static double ofStat(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
  }

  /** Memory of all its processes, what they share counted once. */
  long residentKilobytes() {
    return pids()
        .map(pid -> number("(?m)^Pss: +(\\d+) kB", "/proc/" + pid + "/smaps_rollup"))
        .sum();
  }

  private static long number(String pattern, String file) {
    Matcher matcher = Pattern.compile(pattern).matcher(read(Path.of(file)));
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** For a JVM: collects its garbage. Returns the heap that is left, in kB. */
  long collect() throws IOException, InterruptedException {
    run("jcmd", pid(), "GC.run");
    Matcher used = HEAP_USED.matcher(run("jcmd", pid(), "GC.heap_info"));
    long sum = 0;
    while (used.find()) {
      sum += Long.parseLong(used.group(1));
    }
    return sum;
  }

  /** For a JVM: records what it does until that is closed. */
  AutoCloseable record(Path file) throws IOException, InterruptedException {
    run("jcmd", pid(), "JFR.start", "name=bench", "settings=profile");
    return () -> run("jcmd", pid(), "JFR.stop", "name=bench", "filename=" + file);
  }

  /** Moves all its threads to one core. */
  void pin(int core) throws IOException, InterruptedException {
    for (long pid : pids().boxed().toList()) {
      run("taskset", "-acp", Integer.toString(core), Long.toString(pid));
    }
  }

  String pid() {
    return Long.toString(process.pid());
  }

  private LongStream pids() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToLong(ProcessHandle::pid);
  }

  static String run(String... command) throws IOException, InterruptedException {
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(run.getInputStream().readAllBytes());
    if (run.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
