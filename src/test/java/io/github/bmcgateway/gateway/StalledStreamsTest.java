package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.proxy.BmcProxyServlet;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.StuckHttp2;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A browser that takes nothing any more, and asks for streams of events. */
class StalledStreamsTest {
  private static final int STREAMS = 8;
  private static final int OTHERS = 8;

  /** More than all that lies between. */
  private static final int DOWNLOAD_BYTES = 24 << 20;

  private static final int POLLS = 30;
  private static final String PROFILE = "{title: Acme BMC, limits: {requests: 20}}";

  @Test
  void theHeadOfAStreamThatNobodyTakesHoldsNoThreadAndComesWhenItIsTaken() throws Exception {
    AtomicLong sent = new AtomicLong();
    AtomicLong begun = new AtomicLong();
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> answer(exchange, sent, begun));
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port()).vendor("acme", PROFILE).start();
        StuckHttp2 browser = new StuckHttp2(gateway.port())) {
      String cookie = "pm-session=" + Tokens.mint(bmc.port(), "acme");
      ask(browser, cookie, sent, begun);

      for (int i = 0; i < OTHERS; i++) {
        try (RawClient other = new RawClient(gateway.port())) {
          assertEquals(200, other.get("/other", "Cookie: " + cookie + "\r\n").status());
        }
      }
      Eventually.holds(() -> working() + " threads wait", () -> working() == 0);

      for (int i = 1; i <= STREAMS; i++) {
        assertEquals("data: 1\n\n", browser.dataOf(1 + 2 * i));
      }
    }
  }

  /** Sees failures at all moments of a write, also those that Jetty itself loses. */
  @RepeatedTest(5)
  void theBmcIsLetGoWhenTheBrowserLeavesBeforeTheHeadIsOut() throws Exception {
    AtomicLong sent = new AtomicLong();
    AtomicLong begun = new AtomicLong();
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> answer(exchange, sent, begun));
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port()).vendor("acme", PROFILE).start();
        StuckHttp2 browser = new StuckHttp2(gateway.port())) {
      ask(browser, "pm-session=" + Tokens.mint(bmc.port(), "acme"), sent, begun);
      browser.close();
      Eventually.holds(() -> begun.get() + " streams are open", () -> begun.get() == 0);
    }
  }

  private static void ask(StuckHttp2 browser, String cookie, AtomicLong sent, AtomicLong begun)
      throws IOException {
    browser.get(1, "/download", cookie);
    untilStuck(sent);
    for (int i = 1; i <= STREAMS; i++) {
      browser.get(1 + 2 * i, "/events", cookie);
    }
    Eventually.holds("the BMC has answered", () -> begun.get() == STREAMS);
  }

  private static void answer(Exchange exchange, AtomicLong sent, AtomicLong begun)
      throws IOException {
    String line = exchange.requestLine();
    if (line.startsWith("GET /download ")) {
      exchange.say("HTTP/1.1 200 OK\r\nContent-Length: " + DOWNLOAD_BYTES + "\r\n\r\n");
      byte[] block = new byte[64 * 1024];
      for (int i = 0; i < DOWNLOAD_BYTES / block.length; i++) {
        exchange.out().write(block);
        sent.addAndGet(block.length);
      }
    } else if (line.startsWith("GET /events ")) {
      exchange.say(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "9\r\ndata: 1\n\n\r\n");
      begun.incrementAndGet();
      try {
        exchange.readUntilGone();
      } finally {
        begun.decrementAndGet();
      }
    } else {
      // Each on a connection of its own, which are shared out among all of the client's threads.
      exchange.ok("Connection: close\r\n", "other");
      exchange.socket().close();
    }
  }

  private static void untilStuck(AtomicLong sent) {
    AtomicLong before = new AtomicLong();
    AtomicLong polls = new AtomicLong();
    Eventually.holds(
        "the download is stuck",
        () -> {
          long now = sent.get();
          boolean still = now > 0 && before.getAndSet(now) == now;
          return (still ? polls.incrementAndGet() : polls.getAndSet(0)) >= POLLS;
        });
  }

  private static long working() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            trace ->
                Arrays.stream(trace)
                    .anyMatch(
                        frame -> frame.getClassName().startsWith(BmcProxyServlet.class.getName())))
        .count();
  }
}
