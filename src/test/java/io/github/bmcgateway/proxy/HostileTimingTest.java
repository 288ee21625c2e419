package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A BMC that takes its time, or speaks when nobody asked. The answer timeout is 2 s here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileTimingTest {
  private static final Duration DRIP = Duration.ofMillis(200);
  private static final String ONE_BYTE = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";

  private volatile Script script = exchange -> {};
  private ScriptedBmc bmc;
  private ProxyFixture gateway;

  @BeforeAll
  void start() throws Exception {
    bmc = ScriptedBmc.start(exchange -> script.answer(exchange));
    gateway = ProxyFixture.to(bmc.port());
  }

  @AfterAll
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK                                                             ",
        "HTTP/1.1 200 OK\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void aHeadThatTricklesInIsATimeOut(String head) throws Exception {
    script = exchange -> drip(exchange, head);

    assertTimesOutWithin(Duration.ofSeconds(8));
  }

  @Test
  void interimAnswersDoNotProlongTheWait() throws Exception {
    script =
        exchange -> {
          for (int i = 0; i < 15; i++) {
            exchange.say("HTTP/1.1 102 X\r\n\r\n");
            pause(Duration.ofMillis(600));
          }
        };

    assertTimesOutWithin(Duration.ofSeconds(8));
  }

  @Test
  void aBodyMayTakeLongerThanAHeadAsLongAsItGoesOn() throws Exception {
    String body = "slow, steady";
    script =
        exchange -> {
          exchange.say("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n");
          drip(exchange, body);
        };

    assertEquals(body, get("/a").text());
  }

  @Test
  void aBodyThatFallsSilentIsCut() throws Exception {
    script =
        exchange -> {
          exchange.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx");
          exchange.in().read();
        };
    Answer answer = get("/a");

    assertTrue(answer.status() == 504 || !answer.complete(), answer::text);
    assertReleased();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n",
        "HTTP/1.1 2",
        "\r\n"
      })
  void aConnectionThatSpeaksUnaskedIsNotUsedAgain(String unasked) throws Exception {
    script =
        exchange -> {
          exchange.say(ONE_BYTE);
          if (exchange.requestLine().contains("/evil")) {
            pause(Duration.ofMillis(100));
            exchange.say(unasked);
          }
        };

    assertEquals("x", get("/evil").text());
    assertReleased();
    assertEquals("x", get("/b").text());
  }

  @Test
  void aConnectionWithMoreThanTheAnswerIsNotUsedAgain() throws Exception {
    script =
        exchange -> {
          boolean evil = exchange.requestLine().contains("/evil");
          exchange.say(evil ? ONE_BYTE + "HTTP/1.1 2" : ONE_BYTE);
        };

    assertEquals("x", get("/evil").text());
    assertReleased();
    assertEquals("x", get("/b").text());
  }

  private void assertTimesOutWithin(Duration limit) throws IOException {
    long start = System.nanoTime();
    assertEquals(504, get("/a").status());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(limit) < 0, took::toString);
    assertReleased();
  }

  private Answer get(String path) throws IOException {
    try (RawClient browser = new RawClient(gateway.port())) {
      return browser.get(path, "");
    }
  }

  private void assertReleased() {
    Socket last = bmc.last().socket();
    Eventually.holds("connection closed", last::isClosed);
    Eventually.holds("off the register", () -> gateway.session.running() == 0);
  }

  private static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  private static void drip(Exchange exchange, String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      exchange.say(text.substring(i, i + 1));
      pause(DRIP);
    }
  }
}
