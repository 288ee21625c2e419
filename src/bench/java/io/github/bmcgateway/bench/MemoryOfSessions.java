package io.github.bmcgateway.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a gateway that runs already holds when it is idle, with many sessions of many BMCs, and when
 * they have ended. For {@code src/bench/run-memory}.
 */
final class MemoryOfSessions {
  private static final int SESSIONS = 10_000;
  private static final int BMCS = 1_000;
  private static final int LAST_BYTE = 250;
  private static final int MOST_UNDER_WAY = 32;
  private static final int PAGE_BYTES = 8_000;
  private static final long REST_SECONDS = 10;

  /** By then the gateway has closed the connections that nobody uses, and forgotten their BMCs. */
  private static final long END_SECONDS = 150;

  private final Visitors visitors;
  private final long pid;
  private final Path spool;

  private MemoryOfSessions(int port, long pid, Path spool) {
    this.visitors = new Visitors(port);
    this.pid = pid;
    this.spool = spool;
  }

  /**
   * Arguments: the gateway's process, its port, the folder of its spool, PKCS#12 file and port for
   * the BMCs.
   */
  public static void main(String[] args) throws Exception {
    int bmcPort = Integer.parseInt(args[4]);
    try (EnduranceBmc bmc = new EnduranceBmc(bmcPort, Path.of(args[3]))) {
      MemoryOfSessions memory =
          new MemoryOfSessions(
              Integer.parseInt(args[1]), Long.parseLong(args[0]), Path.of(args[2]));
      System.exit(memory.run(bmcPort) ? 0 : 1);
    }
  }

  private boolean run(int bmcPort) throws Exception {
    System.out.printf("%-34s%s%n", "", Vitals.heading());
    TimeUnit.SECONDS.sleep(REST_SECONDS);
    tell("idle");
    List<String> tokens =
        IntStream.range(0, SESSIONS)
            .mapToObj(i -> Visitors.token(address(i % BMCS), bmcPort, TimeUnit.HOURS.toSeconds(8)))
            .toList();
    all(tokens.subList(0, BMCS), this::visit);
    tell(BMCS + " sessions, one of each BMC");
    all(tokens.subList(BMCS, SESSIONS), this::visit);
    tell(SESSIONS + " sessions of " + BMCS + " BMCs");
    all(tokens, visitors::logout);
    tell("logged out");
    TimeUnit.SECONDS.sleep(END_SECONDS);
    tell(END_SECONDS + " s later");
    System.out.printf("%d requests, %d failed%n", visitors.good(), visitors.bad());
    return visitors.bad() == 0;
  }

  private CompletableFuture<Void> visit(String token) {
    return visitors
        .link(token)
        .thenCompose(linked -> visitors.page(token, "/page-" + PAGE_BYTES, PAGE_BYTES));
  }

  private static void all(List<String> tokens, Function<String, CompletableFuture<Void>> what)
      throws InterruptedException {
    Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
    for (String token : tokens) {
      underWay.acquire();
      what.apply(token).whenComplete((done, failure) -> underWay.release());
    }
    underWay.acquire(MOST_UNDER_WAY);
  }

  private void tell(String when) throws Exception {
    System.out.printf("%-34s%s%n", when, Vitals.of(pid, spool));
  }

  private static String address(int bmc) {
    return "127.2." + bmc / LAST_BYTE + "." + (bmc % LAST_BYTE + 1);
  }
}
