package io.github.bmcgateway.bench;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * HTTP through the gateway, through other proxies and without any: what it costs. Prints tables of
 * medians, and what they mean for the aims; see {@code src/bench/run}. The peers take turns, A B C
 * C B A.
 */
final class HttpBench {
  private static final int PROXY_CORE = 1;
  private static final long SETTLE_MILLIS = 300;
  private static final int SESSION_SECONDS = 7200;
  private static final double COMPILING = 0.05;
  private static final String ALL_CORES = "0-" + PROXY_CORE;

  private final Loop loop = new Loop();
  private final Peers peers;
  private final TestFiles files;
  private final int backend;
  private final String cookie;
  private final Lengths lengths;
  private final Path samples;
  private final Map<String, Peer> running = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  private HttpBench(Peers peers, TestFiles files, int backend, Lengths lengths, Path samples) {
    this.samples = samples;
    this.peers = peers;
    this.files = files;
    this.backend = backend;
    this.lengths = lengths;
    this.cookie =
        "pm-session="
            + Tokens.mint(backend, SESSION_SECONDS, claims -> claims.claim("vendor", "bench"));
  }

  /** Arguments: folder, configurations, Jetty's home, Tomcat's, and options of the script. */
  public static void main(String[] args) throws Exception {
    List<String> options = List.of(args).subList(4, args.length);
    Peers.Places places = Peers.Places.of(args);
    int backend = Peers.freePort();
    TestFiles files = new TestFiles(backend);
    files.write(places.folder().resolve("files"));
    int slow = Peers.freePort();
    Peers peers = new Peers(places, backend, Map.of("BMC_PORTS", backend + "," + slow));
    System.out.printf("%s%n%nLoad %s at the beginning.%n", machine(peers), Machine.load());
    HttpBench bench = new HttpBench(peers, files, backend, Lengths.of(options), places.folder().resolve("samples"));
    try (Peer fast = peers.start(Peers.FILES, "0")) {
      bench.run(phases(options), slow, Certificates.server(places.folder().resolve("back.p12")));
    }
    System.out.printf("%nLoad %s at the end.%n", Machine.load());
  }

  private static String machine(Peers peers) throws Exception {
    return Machine.describe(peers.javaOptions());
  }

  private static String phases(List<String> options) {
    int only = options.indexOf("--only");
    return only < 0 ? "abcdf" : options.get(only + 1);
  }

  private void run(String letters, int slow, SSLContext tls) throws Exception {
    try {
      for (String name : Peers.installed()) {
        start(name);
      }
      for (String name : running.keySet()) {
        if (isGateway(name)) {
          warmUp(name);
          running.get(name).pin(PROXY_CORE);
        }
      }
      Map<HttpPhase, Map<String, List<HttpPhase.Row>>> seen = new EnumMap<>(HttpPhase.class);
      for (HttpPhase phase : HttpPhase.values()) {
        if (letters.contains(phase.letter)) {
          profile(phase);
          seen.put(phase, measure(phase));
          HttpTables.print(phase, seen.get(phase));
        }
      }
      Aims aims = new Aims();
      aims.add(seen);
      if (letters.contains("f")) {
        Map<String, Integer> gateways = new LinkedHashMap<>(ports);
        gateways.keySet().removeIf(name -> !isGateway(name));
        new SlowPages(loop, slow, tls, Math.max(2, lengths.rounds - 1)).run(gateways, aims);
      }
      aims.print();
    } finally {
      for (Peer peer : running.values()) {
        peer.close();
      }
    }
  }

  private static boolean isGateway(String name) {
    return name.startsWith(Peers.GATEWAY);
  }

  /** Starts a peer, and looks at what it delivers. */
  private void start(String name) throws Exception {
    boolean direct = name.equals("direct");
    if (!direct) {
      boolean jvm = isGateway(name);
      // A JVM gets all cores until its code is compiled.
      running.put(name, peers.start(name, jvm ? ALL_CORES : Integer.toString(PROXY_CORE)));
    }
    int port = direct ? backend : running.get(name).port;
    ports.put(name, port);
    for (HttpPhase phase : HttpPhase.values()) {
      if (phase.isFor(name)) {
        files.check(
            name, port, phase.file, HttpConnection.get(loop, port, "/" + phase.file, cookie));
      }
    }
  }

  /** By processor time, since others may hold the cores, and until the compiler is through. */
  private void warmUp(String name) throws Exception {
    Map<HttpPhase, Double> rates = new EnumMap<>(HttpPhase.class);
    Peer peer = running.get(name);
    double begun = peer.cpuSeconds();
    double spent = 0;
    boolean compiling = true;
    while (spent < lengths.warmUpSeconds || compiling && spent < 2 * lengths.warmUpSeconds) {
      double compiled = peer.compilerSeconds();
      for (HttpPhase phase : HttpPhase.values()) {
        rates.put(phase, sample(name, phase, rates.get(phase), 1.5).perSecond());
      }
      double before = spent;
      spent = peer.cpuSeconds() - begun;
      compiling = peer.compilerSeconds() - compiled > COMPILING * (spent - before);
    }
    HttpTables.say("%n%s: warmed up by %.0f s of processor time", name, spent);
    HttpTables.say(compiling ? ", and still compiling.%n" : ".%n");
  }

  /** With JFR_FOLDER set: a recording of each kind of work, apart from the measurement. */
  private void profile(HttpPhase phase) throws Exception {
    String folder = System.getenv("JFR_FOLDER");
    if (folder != null) {
      Path file = Path.of(folder, "http-" + phase + ".jfr").toAbsolutePath();
      double rate = sample(Peers.GATEWAY, phase, null, 1).perSecond();
      try (AutoCloseable recording = running.get(Peers.GATEWAY).record(file)) {
        sample(Peers.GATEWAY, phase, rate, 15);
      }
    }
  }

  private Map<String, List<HttpPhase.Row>> measure(HttpPhase phase) throws Exception {
    List<String> order = new ArrayList<>(ports.keySet().stream().filter(phase::isFor).toList());
    Map<String, List<HttpPhase.Row>> seen = new LinkedHashMap<>();
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String name : order) {
      // Not counted: it warms the peer, and tells how many requests a sample takes.
      double rate = sample(name, phase, null, 0.3).perSecond();
      rates.put(name, sample(name, phase, rate, 0.5).perSecond());
      seen.put(name, new ArrayList<>());
    }
    for (int round = 0; round < lengths.rounds; round++) {
      for (String name : order) {
        HttpPhase.Row row = sample(name, phase, rates.get(name), lengths.sampleSeconds);
        rates.put(name, row.perSecond());
        seen.get(name).add(row);
        Files.writeString(samples, phase + "," + name + "," + row + "\n", APPEND, CREATE);
      }
      Collections.reverse(order);
    }
    return seen;
  }

  /**
   * One sample.
   *
   * @param rate what the peer is known to do in a second; null if nothing is known
   */
  private HttpPhase.Row sample(String name, HttpPhase phase, Double rate, double seconds)
      throws Exception {
    H2load.Work work = work(name, phase);
    if (phase == HttpPhase.RATE) {
      // Few enough for the processor time to be a matter of some ticks: it takes longer.
      return sampleAtRate(name, work, 2 * seconds);
    }
    double likely = Optional.ofNullable(rate).orElse(phase.connections * 20.0);
    long requests = Math.max(phase.connections * 5L, Math.round(likely * seconds / 8) * 10);
    H2load.Seen seen = H2load.run(work, requests, () -> mark(name));
    return new HttpPhase.Row(seen.perSecond(), seen.cpuEach(), seen.foreign(), 0, 0);
  }

  private HttpPhase.Row sampleAtRate(String name, H2load.Work work, double seconds)
      throws Exception {
    try (RateLoad load = new RateLoad(loop, work, HttpPhase.PER_SECOND)) {
      load.open();
      load.run(SETTLE_MILLIS);
      H2load.Mark begin = mark(name);
      RateLoad.Sample sample = load.run(Math.round(seconds * 1000));
      H2load.Mark end = mark(name);
      H2load.Seen seen = H2load.Seen.between(begin, end, sample.answers());
      return new HttpPhase.Row(
          seen.perSecond(),
          seen.cpuEach(),
          seen.foreign(),
          sample.p50Millis(),
          sample.p99Millis());
    }
  }

  private H2load.Work work(String name, HttpPhase phase) {
    int port = ports.get(name);
    int bytes = files.expected(phase.file, port).length;
    return new H2load.Work(port, "/" + phase.file, phase.connections, bytes, cookie);
  }

  private H2load.Mark mark(String name) {
    try {
      double busy = Figures.busySeconds(PROXY_CORE);
      return new H2load.Mark(System.nanoTime(), cpuSeconds(name), busy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double cpuSeconds(String name) {
    return Optional.ofNullable(running.get(name)).map(Peer::cpuSeconds).orElse(0.0);
  }
}
