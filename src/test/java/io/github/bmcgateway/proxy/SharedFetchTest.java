package io.github.bmcgateway.proxy;

import static io.github.bmcgateway.proxy.CacheFixture.LARGER_THAN_BUFFERS;
import static io.github.bmcgateway.proxy.CacheFixture.ONE;
import static io.github.bmcgateway.proxy.CacheFixture.TAGGED;
import static io.github.bmcgateway.proxy.CacheFixture.after;
import static io.github.bmcgateway.proxy.CacheFixture.tag;
import static io.github.bmcgateway.proxy.CacheFixture.unchanged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Browsers that want a file of a BMC while another one is being sent it. */
class SharedFetchTest {
  private static final String FILE = "/js/a.js";

  private final CountDownLatch ready = new CountDownLatch(1);

  @Test
  void manyWhoWantTheSameGetItByOneFetch() throws Exception {
    try (CacheFixture gateway = CacheFixture.start(after(ready, ONE))) {
      List<RawClient> browsers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        browsers.add(gateway.ask(FILE));
      }
      gateway.awaitRunning(8);
      ready.countDown();

      for (RawClient browser : browsers) {
        assertEquals("one", browser.answer().text());
      }
      gateway.assertAsked(1);
      gateway.awaitRunning(0);
    }
  }

  @Test
  void whoWaitsGoesOnAloneWhenTheAnswerIsNotForAll() throws Exception {
    Script login =
        exchange ->
            exchange.say(
                "HTTP/1.1 302 Found\r\nLocation: /login.html\r\nContent-Length: 0\r\n\r\n");
    try (CacheFixture gateway = CacheFixture.start(after(ready, login))) {
      RawClient first = gateway.ask(FILE);
      gateway.awaitAsked(1);
      RawClient second = gateway.ask(FILE);
      gateway.awaitRunning(2);
      ready.countDown();

      assertEquals(302, first.answer().status());
      assertEquals(302, second.answer().status());
      gateway.assertAsked(2);
    }
  }

  @Test
  void whenTheBmcBreaksOffWhoWaitsTriesItself() throws Exception {
    AtomicLong asked = new AtomicLong();
    Script breakingOff =
        after(
            ready,
            exchange -> {
              exchange.say("HTTP/1.1 200 OK\r\n" + TAGGED + "Content-Length: 9\r\n\r\non");
              exchange.socket().close();
            });
    try (CacheFixture gateway =
        CacheFixture.start(
            exchange -> (asked.incrementAndGet() == 1 ? breakingOff : ONE).answer(exchange))) {
      RawClient first = gateway.ask(FILE);
      gateway.awaitAsked(1);
      RawClient second = gateway.ask(FILE);
      RawClient third = gateway.ask(FILE);
      gateway.awaitRunning(3);
      ready.countDown();

      assertFalse(first.answer().complete());
      assertEquals("one", second.answer().text());
      assertEquals("one", third.answer().text());
      gateway.assertAsked(2);
    }
  }

  @Test
  void whoWaitsEndsWithItsSession() throws Exception {
    try (CacheFixture gateway = CacheFixture.start(after(ready, exchange -> {}))) {
      RawClient first = gateway.ask(FILE);
      gateway.awaitAsked(1);
      RawClient second = gateway.ask(FILE);
      gateway.awaitRunning(2);
      gateway.end(End.LOGGED_OUT);

      assertEquals(401, first.answer().status());
      assertEquals(401, second.answer().status());
      gateway.awaitRunning(0);
      ready.countDown();
    }
  }

  @Test
  void whoeverLeavesKeepsNobodyFromTheFile() throws Exception {
    try (CacheFixture gateway = CacheFixture.start(after(ready, ONE))) {
      RawClient leaving = gateway.ask(FILE);
      gateway.awaitAsked(1);
      RawClient waiting = gateway.ask(FILE);
      gateway.awaitRunning(2);
      leaving.close();
      ready.countDown();

      assertEquals("one", waiting.answer().text());
      gateway.awaitRunning(0);
    }
  }

  @Test
  void aBrowserThatReadsSlowlyHoldsNobodyUp() throws Exception {
    int length = LARGER_THAN_BUFFERS.length;
    try (CacheFixture gateway = CacheFixture.roomy(CacheFixture.file(LARGER_THAN_BUFFERS))) {
      RawClient slow = gateway.ask(FILE);
      gateway.awaitAsked(1);

      assertEquals(length, gateway.get(FILE).body().length);
      gateway.assertAsked(2);
      assertEquals(length, slow.answer().body().length);
    }
  }

  @Test
  void aCookieThatComesWithARenewalIsForWhoAskedAlone() throws Exception {
    String cookies =
        "Set-Cookie: a=b; Domain=bmc\r\nSet-Cookie: pm-session=c\r\nSet-Cookie: d=e; Secure\r\n";
    try (CacheFixture gateway =
        CacheFixture.start(CacheFixture.renewable(ONE, after(ready, unchanged(cookies))))) {
      String tag = tag(gateway.get(FILE));
      gateway.pass(Duration.ofMinutes(61));
      RawClient asking = gateway.ask(FILE, "If-None-Match: " + tag);
      gateway.awaitAsked(2);
      RawClient waiting = gateway.ask(FILE);
      gateway.awaitRunning(2);
      ready.countDown();

      Answer answer = asking.answer();
      assertEquals(304, answer.status());
      assertEquals(List.of("a=b; Secure", "d=e; Secure"), answer.values("Set-Cookie"));
      for (Answer kept : List.of(waiting.answer(), gateway.get(FILE))) {
        assertEquals("one", kept.text());
        assertFalse(kept.has("Set-Cookie"), kept.head());
      }
      gateway.assertAsked(2);
    }
  }
}
