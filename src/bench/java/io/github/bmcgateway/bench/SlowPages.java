package io.github.bmcgateway.bench;

import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;

/** Pages of slow BMCs, loaded by browsers through gateways and directly. Each page is a BMC's own. */
final class SlowPages {
  private static final int SLOTS = 4;
  private static final int ANSWER_MILLIS = 40;
  private static final int FILES = 60;
  private static final int IDLE_SECONDS = 15;
  private static final int SESSION_SECONDS = 7200;
  private static final int BROWSERS_OF_THE_HANGING = 5;
  private static final int WARM_UP_PAGES = 15;
  private static final List<String> PAGE =
      IntStream.range(0, FILES).mapToObj(i -> "/static/part-" + i + ".js").toList();

  /** The BMCs; what is named first is what the aims are about. */
  private enum Model {
    HELD("connections hold slots", true, 0),
    SHARED("only requests hold slots", false, 0),
    HEAVY("connections hold slots, handshakes of 100 ms", true, 100);

    final String title;
    final SlowBmc.Kind kind;
    final double floorMillis;

    Model(String title, boolean held, int handshakeMillis) {
      this.title = title;
      this.kind = new SlowBmc.Kind(SLOTS, held, ANSWER_MILLIS, handshakeMillis, IDLE_SECONDS);
      this.floorMillis = (double) FILES / SLOTS * ANSWER_MILLIS + handshakeMillis;
    }
  }

  /** One BMC's page, in milliseconds, and how many requests had reached the BMC after each visit. */
  private record Row(double cold, double again, double other, int first, int second, int third) {}

  private final Loop loop;
  private final int port;
  private final SSLContext tls;
  private final int samples;
  private int bmcs;

  /**
   * @param port of all the slow BMCs, which have an address each
   * @param tls their side
   */
  SlowPages(Loop loop, int port, SSLContext tls, int samples) {
    this.loop = loop;
    this.port = port;
    this.tls = tls;
    this.samples = samples;
  }

  /**
   * Measures and prints.
   *
   * @param gateways their ports
   */
  void run(Map<String, Integer> gateways, Aims aims) throws Exception {
    HttpTables.say(
        "%n### (f) A page of %d files from a BMC with %d slots that takes %d ms for each%n%n",
        FILES, SLOTS, ANSWER_MILLIS);
    HttpTables.say("| BMC | | cold, ms | x floor | again, ms | another browser, ms |");
    HttpTables.say(" reached the BMC: cold, again, another |%n|---|---|---|---|---|---|---|%n");
    // Not counted: what the other phases don't warm, which is to open connections on both sides.
    rows(Model.SHARED, 0, 3);
    for (int gateway : gateways.values()) {
      rows(Model.HELD, gateway, WARM_UP_PAGES);
    }
    for (Model model : Model.values()) {
      print(model, "directly", rows(model, 0, 1));
      for (Map.Entry<String, Integer> gateway : gateways.entrySet()) {
        List<Row> rows = rows(model, gateway.getValue(), samples);
        print(model, gateway.getKey(), rows);
        if (model == Model.HELD && gateway.getKey().equals(Peers.GATEWAY)) {
          add(aims, rows);
        }
      }
    }
    for (Map.Entry<String, Integer> gateway : gateways.entrySet()) {
      double ratio = beside(gateway.getKey(), gateway.getValue());
      if (gateway.getKey().equals(Peers.GATEWAY)) {
        aims.atMost("(f) another BMC's page while one hangs, x alone", ratio, 1.05, 1.05);
      }
    }
  }

  private static void add(Aims aims, List<Row> rows) {
    double floor = Model.HELD.floorMillis;
    aims.atMost("(f) cold page, x floor", Figures.median(rows, Row::cold) / floor, 1.05, 1.05);
    aims.atMost("(f) second visit, ms", Figures.median(rows, Row::again), 20, 20);
  }

  private List<Row> rows(Model model, int gateway, int count) throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      try (SlowBmc bmc = bmc(model);
          Browser one = browser(bmc, gateway);
          Browser another = browser(bmc, gateway)) {
        double cold = one.visit(PAGE);
        int first = bmc.served();
        double again = one.visit(PAGE);
        int second = bmc.served() - first;
        double other = another.visit(PAGE);
        rows.add(new Row(cold, again, other, first, second, bmc.served() - first - second));
      }
    }
    return rows;
  }

  private static void print(Model model, String name, List<Row> rows) {
    HttpTables.say(
        "| %s | %s | %s | %.2f | %s | %s | %.0f, %.0f, %.0f |%n",
        model.title,
        name,
        HttpTables.range("%.0f", rows, Row::cold),
        Figures.median(rows, Row::cold) / model.floorMillis,
        HttpTables.range("%.0f", rows, Row::again),
        HttpTables.range("%.0f", rows, Row::other),
        Figures.median(rows, Row::first),
        Figures.median(rows, Row::second),
        Figures.median(rows, Row::third));
  }

  /** A cold page beside a BMC that hangs, as a multiple of the same alone. */
  private double beside(String name, int gateway) throws Exception {
    List<Double> alone = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      alone.add(cold(gateway));
      try (SlowBmc hanging = bmc(Model.HELD);
          Waiting waiting = new Waiting(hanging, gateway)) {
        waiting.ask();
        beside.add(cold(gateway));
      }
    }
    double ratio =
        Figures.median(beside, Double::doubleValue) / Figures.median(alone, Double::doubleValue);
    HttpTables.say(
        "%n%s: the page of another BMC takes %s ms alone, %s ms while %d browsers wait for one that"
            + " hangs: x %.2f.%n",
        name,
        HttpTables.range("%.0f", alone, Double::doubleValue),
        HttpTables.range("%.0f", beside, Double::doubleValue),
        BROWSERS_OF_THE_HANGING,
        ratio);
    return ratio;
  }

  private double cold(int gateway) throws Exception {
    try (SlowBmc bmc = bmc(Model.HELD);
        Browser browser = browser(bmc, gateway)) {
      return browser.visit(PAGE);
    }
  }

  private SlowBmc bmc(Model model) throws IOException {
    bmcs++;
    byte[] address = {127, 2, (byte) (bmcs / 250), (byte) (1 + bmcs % 250)};
    InetSocketAddress at = new InetSocketAddress(InetAddress.getByAddress(address), port);
    return new SlowBmc(model.kind, at, tls);
  }

  /**
   * A browser with a session of its own.
   *
   * @param gateway port of the gateway; 0 for none
   */
  private Browser browser(SlowBmc bmc, int gateway) {
    String ip = bmc.address().getAddress().getHostAddress();
    String token =
        Tokens.mint(port, SESSION_SECONDS, claims -> claims.claim("ip", ip).claim("vendor", "slow"));
    InetSocketAddress to = gateway == 0 ? bmc.address() : HttpConnection.loopback(gateway);
    return new Browser(loop, to, "pm-session=" + token, bmc::body);
  }

  /** Browsers that ask a BMC that doesn't answer. */
  private final class Waiting implements AutoCloseable {
    private final List<Browser> browsers = new ArrayList<>();

    Waiting(SlowBmc bmc, int gateway) {
      bmc.hang();
      for (int i = 0; i < BROWSERS_OF_THE_HANGING; i++) {
        browsers.add(browser(bmc, gateway));
      }
    }

    void ask() throws IOException {
      for (Browser browser : browsers) {
        browser.ask(PAGE);
      }
      loop.run(500_000_000L);
    }

    @Override
    public void close() throws IOException {
      for (Browser browser : browsers) {
        browser.close();
      }
    }
  }
}
