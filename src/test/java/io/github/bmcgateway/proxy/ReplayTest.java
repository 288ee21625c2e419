package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Http2Client;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.ScriptedBmc.Script;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests on connections that turn out to be dead. */
class ReplayTest {
  private final Map<Socket, Integer> served = new ConcurrentHashMap<>();

  /** A BMC that answers the first request of each connection, and the second one as it is told. */
  private ScriptedBmc bmc(Script second) throws IOException {
    return ScriptedBmc.start(
        exchange -> {
          if (served.merge(exchange.socket(), 1, Integer::sum) == 1) {
            exchange.ok("", "ok");
          } else {
            second.answer(exchange);
          }
        });
  }

  private static void hangUp(Exchange exchange) throws IOException {
    exchange.socket().close();
  }

  private static int ask(ProxyFixture proxy, String method, String target) throws IOException {
    try (RawClient browser = new RawClient(proxy.port())) {
      String body = List.of("GET", "HEAD").contains(method) ? "" : "Content-Length: 0\r\n";
      String secrets = "Cookie: SID=1; b=2\r\nAuthorization: Basic eDp5\r\nX-Auth-Token: t\r\n";
      return browser.request(method, target, secrets + body).status();
    }
  }

  /** The same, until the connection to the BMC may be used again: the answer is there before. */
  private static int askAlone(ProxyFixture proxy, String method, String target) throws IOException {
    int status = ask(proxy, method, target);
    Eventually.holds("registration is given back", () -> proxy.session.running() == 0);
    return status;
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void whatChangesNothingIsSentOnceMoreJustAsItWas(String method) throws Exception {
    try (ScriptedBmc bmc = bmc(ReplayTest::hangUp);
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      assertEquals(200, askAlone(proxy, "GET", "/"));
      assertEquals(200, ask(proxy, method, "//a/[b]|c?x=%&y=|"));
      assertEquals(3, bmc.exchanges().size());
      assertEquals(bmc.exchanges().get(1).head(), bmc.exchanges().get(2).head());
      assertTrue(bmc.last().head().contains("Authorization: Basic eDp5"), bmc.last().head());
      assertEquals(2, served.size(), "connections");
      Eventually.holds("registration is given back", () -> proxy.session.running() == 0);
      assertEquals(200, ask(proxy, "GET", "/"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
  void whatMayChangeSomethingIsNot(String method) throws Exception {
    try (ScriptedBmc bmc = bmc(ReplayTest::hangUp);
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      assertEquals(200, askAlone(proxy, "GET", "/"));
      assertEquals(502, ask(proxy, method, "/"));
      assertEquals(2, bmc.exchanges().size());
    }
  }

  @Test
  void whatGoesOutOnANewConnectionIsNot() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(ReplayTest::hangUp);
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      assertEquals(502, ask(proxy, "GET", "/"));
      assertEquals(1, bmc.exchanges().size());
    }
  }

  @Test
  void whatIsSentOnceMoreIsNotSentAThirdTime() throws Exception {
    List<Exchange> dead = new ArrayList<>();
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (exchange.requestLine().startsWith("GET /dead")) {
                    dead.add(exchange);
                    hangUp(exchange);
                  }
                  exchange.ok("", "ok");
                });
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      assertEquals(200, askAlone(proxy, "GET", "/"));
      assertEquals(502, ask(proxy, "GET", "/dead"));
      assertEquals(2, dead.size());
    }
  }

  /** After an empty line no answer has begun, so that the connection's end is nothing but that. */
  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "H"})
  void nothingIsSentOnceMoreWhenAByteOfTheAnswerHasCome(String beginning) throws Exception {
    try (ScriptedBmc bmc =
            bmc(
                exchange -> {
                  exchange.say(beginning);
                  hangUp(exchange);
                });
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      assertEquals(200, askAlone(proxy, "GET", "/"));
      assertEquals(502, ask(proxy, "GET", "/"));
      assertEquals(2, bmc.exchanges().size());
    }
  }

  @Test
  void theSecondAttemptGoesOnANewConnectionThoughOthersAreKept() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (served.merge(exchange.socket(), 1, Integer::sum) > 1) {
                    hangUp(exchange);
                  }
                  both.countDown();
                  await(both);
                  exchange.ok("", "ok");
                });
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      ExecutorService browsers = Executors.newFixedThreadPool(2);
      Future<Integer> one = browsers.submit(() -> ask(proxy, "GET", "/1"));
      Future<Integer> two = browsers.submit(() -> ask(proxy, "GET", "/2"));
      assertEquals(200, one.get(20, TimeUnit.SECONDS));
      assertEquals(200, two.get(20, TimeUnit.SECONDS));
      browsers.shutdown();
      Eventually.holds("two connections are kept", () -> proxy.session.running() == 0);
      assertEquals(2, bmc.openConnections());
      assertEquals(200, ask(proxy, "GET", "/3"));
      assertEquals(4, bmc.exchanges().size());
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("it didn't happen");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void nothingIsSentOnceMoreWhenItsSessionIsOver() throws Exception {
    ProxyFixture[] running = new ProxyFixture[1];
    try (ScriptedBmc bmc =
            bmc(
                exchange -> {
                  running[0].session.end(End.LOGGED_OUT);
                  hangUp(exchange);
                });
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      running[0] = proxy;
      assertEquals(200, askAlone(proxy, "GET", "/"));
      assertEquals(401, ask(proxy, "GET", "/"));
      assertEquals(2, bmc.exchanges().size());
      Eventually.holds("registration is given back", () -> proxy.session.running() == 0);
    }
  }

  @Test
  void nothingIsSentOnceMoreWhenItsBrowserHasLeftAndOnlyTheBmcIsSpared() throws Exception {
    CountDownLatch noticed = new CountDownLatch(1);
    AtomicInteger over = new AtomicInteger();
    try (ScriptedBmc bmc =
            bmc(
                exchange -> {
                  await(noticed);
                  hangUp(exchange);
                });
        ProxyFixture proxy = ProxyFixture.to(bmc.port(), "asrockrack");
        Http2Client browser = Http2Client.start()) {
      assertEquals(200, askAlone(proxy, "GET", "/redfish/v1/"));
      proxy.log(
          (request, response) -> {
            if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
              over.incrementAndGet();
            }
          });
      Request request = browser.http().newRequest(proxy.origin() + "/redfish/v1/");
      request.send(result -> {});
      Eventually.holds("it is at the BMC", () -> bmc.exchanges().size() == 2);
      request.abort(new IOException("left"));
      Eventually.holds("the container is through with it", () -> over.get() == 1);
      assertEquals(1, proxy.session.running(), "the BMC's answer is still waited for");
      noticed.countDown();

      Eventually.holds("registration is given back", () -> proxy.session.running() == 0);
      assertEquals(2, bmc.exchanges().size());
    }
  }

  @Test
  void aSessionThatEndsCutsTheSecondAttempt() throws Exception {
    ProxyFixture[] running = new ProxyFixture[1];
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  int before = served.merge(exchange.socket(), 1, Integer::sum);
                  if (before > 1) {
                    hangUp(exchange);
                  } else if (served.size() == 2) {
                    running[0].session.end(End.REVOKED);
                    exchange.in().read();
                  } else {
                    exchange.ok("", "ok");
                  }
                });
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      running[0] = proxy;
      assertEquals(200, askAlone(proxy, "GET", "/"));
      assertEquals(401, ask(proxy, "GET", "/"));
      assertEquals(3, bmc.exchanges().size());
      Eventually.holds("the connection is closed", () -> bmc.openConnections() == 0);
      Eventually.holds("registration is given back", () -> proxy.session.running() == 0);
    }
  }

  @Test
  void theSecondAttemptHasToHaveItsHeadInTimeToo() throws Exception {
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  if (served.merge(exchange.socket(), 1, Integer::sum) > 1) {
                    hangUp(exchange);
                  } else if (served.size() == 2) {
                    trickle(exchange);
                  } else {
                    exchange.ok("", "ok");
                  }
                });
        ProxyFixture proxy = ProxyFixture.to(bmc.port())) {
      assertEquals(200, askAlone(proxy, "GET", "/"));
      assertEquals(504, ask(proxy, "GET", "/"));
    }
  }

  /** Never silent for long, and never done. */
  private static void trickle(Exchange exchange) throws IOException {
    exchange.say("HTTP/1.1 200 OK\r\nX-Slow: ");
    exchange.socket().setSoTimeout(200);
    while (true) {
      exchange.say("x");
      try {
        if (exchange.in().read() < 0) {
          return;
        }
      } catch (java.net.SocketTimeoutException silent) {
        // The gateway has nothing to say.
      }
    }
  }
}
