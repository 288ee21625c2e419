package io.github.bmcgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A moderate load for a long time on a gateway that runs already, and what it holds each minute.
 * For {@code src/bench/run-soak}, which says what is flat.
 */
final class Soak {
  private static final int BMCS = 20;
  private static final int CONSOLES = 50;
  private static final int REQUESTS_PER_SECOND = 200;
  private static final int MOST_UNDER_WAY = 60;
  private static final int RELOAD_SECONDS = 30;
  private static final long DAY = TimeUnit.DAYS.toSeconds(1) / 2;
  private static final int[] SIZES = {500, 2_000, 8_000, 60_000};

  private final Visitors visitors;
  private final Path config;
  private final String settings;
  private final int bmcPort;
  private final List<String> tokens;
  private final List<String> consoleTokens;
  private final Queue<Visitors.Console> consoles = new ArrayDeque<>();
  private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private int reloads;
  private long late;

  private Soak(int port, Path config, int bmcPort, int echoPort) throws IOException {
    visitors = new Visitors(port);
    this.config = config;
    this.bmcPort = bmcPort;
    settings = Files.readString(config);
    tokens = tokens(bmcPort);
    consoleTokens = tokens(echoPort);
  }

  private static List<String> tokens(int port) {
    return IntStream.rangeClosed(1, BMCS)
        .mapToObj(i -> Visitors.token("127.0.1." + i, port, DAY))
        .toList();
  }

  /**
   * Arguments: the gateway's process, its port, its {@code gateway.yaml}, the folder of its spool,
   * PKCS#12 file, port and echo's port of the BMCs, minutes.
   */
  public static void main(String[] args) throws Exception {
    long pid = Long.parseLong(args[0]);
    int minutes = Integer.parseInt(args[7]);
    if (minutes < 3) {
      throw new IllegalArgumentException("three minutes at least: thirds are compared");
    }
    Path spool = Path.of(args[3]);
    int bmcPort = Integer.parseInt(args[5]);
    try (EnduranceBmc bmc = new EnduranceBmc(bmcPort, Path.of(args[4]))) {
      Soak soak =
          new Soak(
              Integer.parseInt(args[1]), Path.of(args[2]), bmcPort, Integer.parseInt(args[6]));
      boolean isGood = soak.run(pid, spool, minutes);
      System.exit(isGood ? 0 : 1);
    }
  }

  private boolean run(long pid, Path spool, int minutes) throws Exception {
    timer.scheduleAtFixedRate(
        guarded(this::request), 0, 1_000_000 / REQUESTS_PER_SECOND, TimeUnit.MICROSECONDS);
    timer.scheduleAtFixedRate(guarded(this::second), 1, 1, TimeUnit.SECONDS);
    timer.scheduleAtFixedRate(
        guarded(this::reload), RELOAD_SECONDS, RELOAD_SECONDS, TimeUnit.SECONDS);
    System.out.println("minute" + Vitals.heading() + "      good  failed    late");
    List<Vitals> seen = new ArrayList<>();
    long begun = System.nanoTime();
    for (int minute = 1; minute <= minutes; minute++) {
      TimeUnit.NANOSECONDS.sleep(begun + TimeUnit.MINUTES.toNanos(minute) - System.nanoTime());
      Vitals now = Vitals.of(pid, spool);
      seen.add(now);
      System.out.printf(
          "%6d%s%10d%8d%8d%n", minute, now, visitors.good(), visitors.bad(), late);
    }
    timer.shutdownNow();
    timer.awaitTermination(1, TimeUnit.MINUTES);
    underWay.acquire(MOST_UNDER_WAY);
    double left = Vitals.of(pid, spool).spoolMiB();
    System.out.printf("%d reloads; %.1f MiB in the spool at the end%n", reloads, left);
    return isFlat(seen) & left == 0 & visitors.bad() == 0;
  }

  /** See {@code src/bench/run-soak}. */
  private static boolean isFlat(List<Vitals> seen) {
    return isFlat("heap MiB", seen, Vitals::heapMiB, 2)
        & isFlat("RSS MiB", seen, Vitals::rssMiB, 10)
        & isFlat("threads", seen, Vitals::threads, 5)
        & isFlat("files", seen, Vitals::files, 10);
  }

  private static boolean isFlat(
      String what, List<Vitals> seen, ToDoubleFunction<Vitals> of, double slack) {
    int third = seen.size() / 3;
    double middle = median(seen.subList(third, 2 * third), of);
    double last = median(seen.subList(2 * third, seen.size()), of);
    boolean isFlat = last <= middle * 1.05 + slack;
    System.out.printf(
        "%s: %.1f in the second third, %.1f in the last: %s%n",
        what, middle, last, isFlat ? "flat" : "GROWS");
    return isFlat;
  }

  private static double median(List<Vitals> seen, ToDoubleFunction<Vitals> of) {
    double[] sorted = seen.stream().mapToDouble(of).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private void request() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int size = SIZES[random.nextInt(SIZES.length)];
    String path = "/page" + random.nextInt(10) + "-" + size + (random.nextBoolean() ? ".js" : "");
    begin(() -> visitors.page(any(tokens), path, size));
  }

  /** What happens once a second: an upload, a link, a session's end, and a change of consoles. */
  private void second() {
    begin(() -> visitors.upload(any(tokens)));
    String brief = Visitors.token("127.0.1.1", bmcPort, DAY);
    begin(() -> visitors.link(brief).thenCompose(done -> visitors.logout(brief)));
    begin(
        () ->
            visitors
                .console(any(consoleTokens))
                .handle(
                    (console, failure) -> {
                      if (failure == null) {
                        opened(console);
                      } else {
                        visitors.failed("console: " + failure);
                      }
                      return null;
                    }));
    synchronized (consoles) {
      consoles.forEach(Visitors.Console::ping);
    }
  }

  private void opened(Visitors.Console console) {
    synchronized (consoles) {
      consoles.add(console);
      if (consoles.size() > CONSOLES) {
        consoles.remove().close();
      }
    }
  }

  private void begin(Supplier<CompletableFuture<Void>> what) {
    if (underWay.tryAcquire()) {
      what.get().whenComplete((done, failure) -> underWay.release());
    } else {
      late++;
    }
  }

  /** Another limit each time, which touches nothing that is asked for here. */
  private void reload() {
    reloads++;
    try {
      Path next = config.resolveSibling("next");
      Files.writeString(next, settings.replace("bmcQueue: 256", "bmcQueue: " + (256 + reloads)));
      Files.move(next, config, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      visitors.failed("reload: " + e);
    }
  }

  private Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        visitors.failed(e.toString());
      }
    };
  }

  private static String any(List<String> of) {
    return of.get(ThreadLocalRandom.current().nextInt(of.size()));
  }
}
