package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BmcFailuresTest {

  static Stream<Arguments> badAnswers() {
    return Stream.of(
        answer("garbage", 502, "bmc_protocol", "SSH-2.0-OpenSSH_9\r\n\r\n"),
        answer("no status", 502, "bmc_protocol", "HTTP/1.1 abc\r\n\r\n"),
        answer("status below 100", 502, "bmc_protocol", "HTTP/1.1 042 X\r\n\r\n"),
        answer("unknown informational", 502, "bmc_protocol", "HTTP/1.1 199 X\r\n\r\n"),
        answer("unasked upgrade", 502, "bmc_protocol", "HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n"),
        answer("head of 1 MB", 502, "bmc_protocol", "HTTP/1.1 200 OK\r\nX: " + "a".repeat(1 << 20)),
        answer("header without colon", 502, "bmc_protocol", "HTTP/1.1 200 OK\r\nBroken\r\n\r\n"),
        answer("bad length", 502, "bmc_protocol", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
        answer(
            "two lengths",
            502,
            "bmc_protocol",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        answer("silence, then the end", 502, "bmc_unreachable", ""),
        answer("half a head, then the end", 502, "bmc_protocol", "HTTP/1.1 200 OK\r\nA: b"));
  }

  private static Arguments answer(String name, int status, String code, String said) {
    Script script =
        exchange -> {
          exchange.say(said);
          exchange.socket().close();
        };
    return Arguments.of(name, status, code, script);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAnswers")
  void anAnswerThatIsNoneBecomesTheGatewaysOwn(String name, int status, String code, Script script)
      throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(script);
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      expect(status, code, browser.get("/a", ""));
      Eventually.holds("connection released", () -> bmc.openConnections() == 0);
      Eventually.holds("off the register", () -> gateway.session.running() == 0);
    }
  }

  @Test
  void informationalAnswersAreLeftOut() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  exchange.say("HTTP/1.1 100 Continue\r\n\r\n");
                  exchange.say("HTTP/1.1 102 Processing\r\n\r\n");
                  exchange.say("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                  exchange.ok("", "at last");
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals("at last", browser.get("/a", "").text());
    }
  }

  @Test
  void aBmcThatStallsIsATimeOut() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.in().read());
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      expect(504, "bmc_timeout", browser.get("/a", ""));
      Eventually.holds("connection released", () -> bmc.openConnections() == 0);
    }
    never.countDown();
  }

  @Test
  void aClosedPortIsUnreachable() throws Exception {
    try (ReservedPort closed = new ReservedPort();
        ProxyFixture gateway = ProxyFixture.to(closed.port());
        RawClient browser = new RawClient(gateway.port())) {
      expect(502, "bmc_unreachable", browser.get("/a", ""));
    }
  }

  @Test
  void aPortThatSpeaksNoTlsIsATlsFailure() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Thread server =
          new Thread(
              () -> {
                try (Socket socket = plain.accept()) {
                  // Closing with bytes unread would reset the connection.
                  DataInputStream hello = new DataInputStream(socket.getInputStream());
                  hello.skipNBytes(/* type and version */ 3);
                  hello.skipNBytes(hello.readUnsignedShort());
                  socket.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes("US-ASCII"));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      server.start();
      try (ProxyFixture gateway = ProxyFixture.to(plain.getLocalPort());
          RawClient browser = new RawClient(gateway.port())) {
        expect(502, "bmc_tls", browser.get("/a", ""));
      }
      server.join(5000);
    }
  }

  @Test
  void theGuardStandsBeforeTheDial() throws Exception {
    try (ProxyFixture gateway = ProxyFixture.to(1);
        RawClient browser = new RawClient(gateway.port())) {
      expect(403, "target_denied", browser.get("/a", ""));
    }
  }

  @Test
  void moreRequestsThanTheQueueHoldsAreToldToComeBack() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.in().read());
        ProxyFixture gateway = ProxyFixture.patient(bmc.port())) {
      List<RawClient> clients = new ArrayList<>();
      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      try {
        for (int i = 0; i < 2 + 2 + 1; i++) {
          RawClient client = new RawClient(gateway.port());
          clients.add(client);
          answers.add(inBackground(() -> client.get("/w", "")));
        }
        Answer first =
            CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(Answer.class::cast)
                .get(20, TimeUnit.SECONDS);
        expect(503, "busy", first);
        assertTrue(first.has("Retry-After"));
        assertTrue(bmc.exchanges().size() <= 2, "connections to the BMC");
      } finally {
        for (RawClient client : clients) {
          client.close();
        }
      }
    }
  }

  private static <T> CompletableFuture<T> inBackground(Callable<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(task.call());
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  @Test
  void aNavigationGetsAPageAndNothingOfTheInside() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.socket().close());
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      Answer answer = browser.get("/a", "Accept: text/html,*/*;q=0.8\r\n");

      assertEquals(502, answer.status());
      assertTrue(answer.values("Content-Type").get(0).startsWith("text/html"));
      assertTrue(answer.has("Content-Security-Policy"));
      for (String inside : List.of("jetty", "Exception", "io.github", "127.0.0.1")) {
        assertFalse(answer.text().contains(inside), inside);
      }
    }
  }

  @Test
  void anIpv6BmcIsReached() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start("::1", exchange -> exchange.ok("", "six"));
        ProxyFixture gateway =
            new ProxyFixture(
                new BmcAddress(InetAddress.getByName("::1"), bmc.port(), Optional.empty()),
                "generic");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals("six", browser.get("/a", "").text());
      assertEquals(List.of("[::1]:" + bmc.port()), bmc.last().values("Host"));
    }
  }

  @Test
  void theTokensHostIsSentVerbatimAndNeverLookedUp() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "named"));
        ProxyFixture gateway =
            new ProxyFixture(
                new BmcAddress(
                    InetAddress.getByName("127.0.0.1"),
                    bmc.port(),
                    Optional.of("iDRAC-ABC.invalid:8443")),
                "generic");
        RawClient browser = new RawClient(gateway.port())) {
      assertEquals("named", browser.get("/a", "Origin: https://x\r\n").text());
      assertEquals(List.of("iDRAC-ABC.invalid:8443"), bmc.last().values("Host"));
      assertEquals(List.of("https://iDRAC-ABC.invalid:8443"), bmc.last().values("Origin"));
    }
  }

  private static void expect(int status, String code, Answer answer) {
    assertEquals(status, answer.status(), answer.text());
    assertTrue(answer.text().contains("\"error\":\"" + code + "\""), answer.text());
  }
}
