package io.github.bmcgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Consoles through the gateway, through other proxies and without any: what they cost. Prints
 * tables of medians; see {@code src/bench/run-consoles}. The peers take turns, A B C C B A.
 */
final class ConsoleBench {
  private static final int PROXY_CORE = 1;
  private static final int MOST_SOCKETS = 256;
  private static final long SETTLE_MILLIS = 300;
  private static final int SMALL_BYTES = 64;
  private static final int LARGE_BYTES = 64 * 1024;
  private static final double GIB = 1L << 30;

  /** What the sockets do. */
  private enum Phase {
    ONE("64 B, 1 socket", 1, SMALL_BYTES, 1),
    SOME("64 B, 32 sockets", 32, SMALL_BYTES, 1),
    MANY("64 B, 256 sockets", MOST_SOCKETS, SMALL_BYTES, 1),
    BULK("64 KiB binary, 4 sockets, 4 messages under way on each", 4, LARGE_BYTES, 4);

    final String title;
    final int sockets;
    final int bytes;
    final int window;

    Phase(String title, int sockets, int bytes, int window) {
      this.title = title;
      this.sockets = sockets;
      this.bytes = bytes;
      this.window = window;
    }
  }

  /** One measurement; {@code foreign} is what others took of the proxy's core. */
  private record Row(Load.Sample seen, double cpuEach, double foreign) {}

  private final Loop loop = new Loop();
  private final Peers peers;
  private final Lengths lengths;
  private final Map<String, Load> loads = new LinkedHashMap<>();
  private final Map<String, Peer> running = new LinkedHashMap<>();
  private final Map<Phase, Map<String, List<Row>>> rows = new EnumMap<>(Phase.class);

  private ConsoleBench(Peers peers, Lengths lengths) {
    this.peers = peers;
    this.lengths = lengths;
  }

  /** Arguments: folder, configurations, Jetty's home, Tomcat's, and options of the script. */
  public static void main(String[] args) throws Exception {
    List<String> options = List.of(args).subList(4, args.length);
    int port = Peers.freePort();
    Peers.Places places = Peers.Places.of(args);
    Peers peers = new Peers(places, port, Map.of());
    ConsoleBench bench = new ConsoleBench(peers, Lengths.of(options));
    try (Peer backend = peers.startBackend()) {
      if (!options.contains("--idle")) {
        bench.traffic(backend);
      }
      if (!options.contains("--traffic")) {
        bench.idle();
      }
    }
  }

  private void traffic(Peer backend) throws Exception {
    try {
      for (String name : Peers.installed()) {
        int port = backend.port;
        if (!name.equals("direct")) {
          running.put(name, peers.start(name, cores(name)));
          port = running.get(name).port;
        }
        loads.put(name, new Load(loop, port, peers.cookies()));
        loads.get(name).open(MOST_SOCKETS);
      }
      for (String name : running.keySet()) {
        if (isGateway(name)) {
          warmUp(name);
          running.get(name).pin(PROXY_CORE);
        }
      }
      profile();
      for (Phase phase : Phase.values()) {
        measure(phase);
        print(phase);
      }
    } finally {
      for (Peer peer : running.values()) {
        peer.close();
      }
    }
  }

  private static boolean isGateway(String name) {
    return name.startsWith(Peers.GATEWAY);
  }

  /** A JVM gets all cores until its code is compiled. */
  private static String cores(String name) {
    return isGateway(name) ? "0-" + PROXY_CORE : Integer.toString(PROXY_CORE);
  }

  /** By processor time, since others may hold the cores; what it takes the compiler is known. */
  private void warmUp(String name) {
    double enough = cpuSeconds(name) + lengths.warmUpSeconds;
    while (cpuSeconds(name) < enough) {
      for (Phase phase : Phase.values()) {
        work(loads.get(name), phase, 1500);
      }
    }
  }

  private static void work(Load load, Phase phase, long millis) {
    load.start(phase.sockets, phase.bytes, phase.window);
    load.idle(millis);
    load.stop();
  }

  /** With JFR_FOLDER set: a recording of each kind of work, apart from the measurement. */
  private void profile() throws Exception {
    String folder = System.getenv("JFR_FOLDER");
    if (folder == null) {
      return;
    }
    for (Phase phase : List.of(Phase.SOME, Phase.BULK)) {
      Path file = Path.of(folder, "console-" + phase + ".jfr").toAbsolutePath();
      try (AutoCloseable recording = running.get(Peers.GATEWAY).record(file)) {
        work(loads.get(Peers.GATEWAY), phase, 15_000);
      }
    }
  }

  private void measure(Phase phase) throws IOException {
    List<String> order = new ArrayList<>(loads.keySet());
    Map<String, List<Row>> seen = new LinkedHashMap<>();
    for (int round = 0; round < lengths.rounds; round++) {
      for (String name : order) {
        seen.computeIfAbsent(name, any -> new ArrayList<>()).add(sample(name, phase));
      }
      Collections.reverse(order);
    }
    rows.put(phase, seen);
  }

  private Row sample(String name, Phase phase) throws IOException {
    Load load = loads.get(name);
    load.start(phase.sockets, phase.bytes, phase.window);
    load.idle(SETTLE_MILLIS);
    long begun = System.nanoTime();
    double cpu = cpuSeconds(name);
    double busy = Figures.busySeconds(PROXY_CORE);
    Load.Sample sample = load.sample(Math.round(1000 * lengths.sampleSeconds));
    double cpuSpent = cpuSeconds(name) - cpu;
    double foreign = Figures.busySeconds(PROXY_CORE) - busy - cpuSpent;
    double seconds = (System.nanoTime() - begun) / 1e9;
    load.stop();
    return new Row(sample, cpuSpent / (sample.perSecond() * seconds), foreign / seconds);
  }

  private double cpuSeconds(String name) {
    return Optional.ofNullable(running.get(name)).map(Peer::cpuSeconds).orElse(0.0);
  }

  private void print(Phase phase) {
    Map<String, List<Row>> seen = rows.get(phase);
    boolean bulk = phase == Phase.BULK;
    double of = bulk ? GIB / LARGE_BYTES : 10_000;
    System.out.printf("%n### %s%n%n", phase.title);
    System.out.printf(
        "| | %s | p50 ms | p99 ms | CPU s/%s (lowest-highest) | x nginx's | frames each |%n",
        bulk ? "MB/s each way" : "round trips/s", bulk ? "GiB" : "10k");
    System.out.println("|---|---|---|---|---|---|---|");
    double nginx = Figures.median(seen.get("nginx"), Row::cpuEach);
    seen.forEach(
        (name, all) -> {
          double rate = Figures.median(all, row -> row.seen().perSecond());
          double cpu = Figures.median(all, Row::cpuEach);
          System.out.printf(
              Locale.ROOT,
              "| %s | %,.0f | %.2f | %.2f | %.3f (%.3f-%.3f) | %.2f | %.2f |%n",
              name,
              bulk ? rate * LARGE_BYTES / 1e6 : rate,
              Figures.median(all, row -> row.seen().p50Micros()) / 1e3,
              Figures.median(all, row -> row.seen().p99Micros()) / 1e3,
              cpu * of,
              Figures.sorted(all, Row::cpuEach).get(0) * of,
              Figures.sorted(all, Row::cpuEach).get(all.size() - 1) * of,
              cpu / nginx,
              Figures.median(all, row -> row.seen().framesEach()));
        });
    List<Row> all = seen.values().stream().flatMap(List::stream).toList();
    System.out.printf(
        Locale.ROOT,
        "%nOthers took %.0f %% of the proxy's core (median; worst sample %.0f %%).%n",
        100 * Figures.median(all, Row::foreign),
        100 * Figures.sorted(all, Row::foreign).get(all.size() - 1));
  }

  /** Memory, each program started anew and left on all cores. */
  private void idle() throws Exception {
    int most = (int) Math.min(10_000, (Peers.openFiles() - 400) / 2);
    System.out.printf("%n### Idle consoles, %s%n%n", peers.javaOptions());
    System.out.println("| | sockets | kB RSS each | kB heap each | MB RSS in all | opened in |");
    System.out.println("|---|---|---|---|---|---|");
    for (String name : List.of(Peers.GATEWAY, Peers.TOMCAT, "nginx", "haproxy")) {
      try (Peer peer = peers.start(name, cores(Peers.GATEWAY))) {
        idle(peer, isGateway(name), List.of(1000, most));
      } catch (IllegalStateException | UncheckedIOException full) {
        System.out.printf("| %s | holds no more | | | | |%n", name);
      }
    }
  }

  private void idle(Peer peer, boolean jvm, List<Integer> counts) throws Exception {
    try (Load primer = new Load(loop, peer.port, peers.cookies())) {
      primer.open(MOST_SOCKETS);
    }
    TimeUnit.SECONDS.sleep(2);
    long heap = jvm ? peer.collect() : 0;
    long resident = peer.residentKilobytes();
    try (Load load = new Load(loop, peer.port, peers.cookies())) {
      for (int count : counts) {
        long begun = System.nanoTime();
        load.open(count);
        double seconds = (System.nanoTime() - begun) / 1e9;
        load.idle(3000);
        long heapNow = jvm ? peer.collect() : 0;
        long residentNow = peer.residentKilobytes();
        System.out.printf(
            Locale.ROOT,
            "| %s | %,d | %.1f | %s | %,.0f | %.0f s |%n",
            peer.name,
            count,
            (residentNow - resident) / (double) count,
            jvm ? String.format(Locale.ROOT, "%.1f", (heapNow - heap) / (double) count) : "-",
            residentNow / 1024.0,
            seconds);
        load.start(count, SMALL_BYTES, 1);
        load.stop();
      }
    }
  }
}
