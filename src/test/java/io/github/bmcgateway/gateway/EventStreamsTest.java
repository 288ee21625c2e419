package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each open page of an iLO holds a stream of events for as long as it is open. */
class EventStreamsTest {
  /** As many as the profile lets exchanges run at a time. */
  private static final int PAGES = 6;

  @Test
  void manyOpenPagesLeaveRoomForWhatElseIsAsked() throws Exception {
    try (Ilo5Simulator bmc =
            Ilo5Simulator.builder()
                .maxConnections(2 * PAGES)
                .eventInterval(Duration.ofMillis(100))
                .start();
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      String session =
          "Cookie: pm-session=" + Tokens.mint(bmc.port(), "ilo5") + "; " + logIn(browser, bmc);
      for (int round = 0; round < 2; round++) {
        List<RawClient> pages = open(gateway, session);
        assertEquals(200, browser.get("/json/session_info", session).status());
        for (RawClient page : pages) {
          page.close();
        }
        Eventually.holds("the streams are over", () -> bmc.recorder().connections() <= 2);
      }
      assertEquals(List.of(), bmc.recorder().violations());
    }
  }

  @Test
  void theConnectionOfOneThatTheBmcEndsIsClosed() throws Exception {
    try (Ilo5Simulator bmc = Ilo5Simulator.builder().eventInterval(Duration.ofMillis(100)).start();
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient browser = new RawClient(gateway.port())) {
      String key = logIn(browser, bmc).trim();
      String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "ilo5") + "; " + key;
      List<RawClient> pages = open(gateway, session + "\r\n");
      String json =
          "{\"method\":\"logout\",\"session_key\":\"%s\"}"
              .formatted(key.replace("sessionKey=", ""));
      browser.send(
          "POST /json/login_session HTTP/1.1\r\nHost: localhost\r\n"
              + session
              + "\r\nContent-Length: "
              + json.length()
              + "\r\n\r\n"
              + json);
      assertEquals(200, browser.answer().status());
      Eventually.holds("their connections are closed", () -> bmc.recorder().connections() <= 1);
      for (RawClient page : pages) {
        page.close();
      }
    }
  }

  @Test
  void oneMayBeSilentForLongerThanAnyOtherAnswer() throws Exception {
    CountDownLatch more = new CountDownLatch(1);
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> answer(exchange, more));
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .vendor("acme", "{title: Acme BMC, answerSeconds: 1}")
                .start();
        RawClient page = new RawClient(gateway.port());
        RawClient other = new RawClient(gateway.port())) {
      String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "acme") + "\r\n";
      page.send("GET /events HTTP/1.1\r\nHost: localhost\r\n" + session + "\r\n");
      Eventually.holds("the stream has begun", () -> bmc.exchanges().size() == 1);
      for (int i = 0; i < 2; i++) {
        assertEquals(504, other.get("/silent", session).status());
      }
      more.countDown();
      assertEquals("data: 1\n\ndata: 2\n\n", page.answer().text());
    }
  }

  @Test
  void oneThatKeepsAPlaceAmongTheRequestsMayNot() throws Exception {
    CountDownLatch more = new CountDownLatch(1);
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> answer(exchange, more));
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .vendor("acme", "{title: Acme BMC, answerSeconds: 1, limits: {requests: 1}}")
                .start();
        RawClient apart = new RawClient(gateway.port());
        RawClient further = new RawClient(gateway.port())) {
      String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "acme") + "\r\n";
      apart.send("GET /events HTTP/1.1\r\nHost: localhost\r\n" + session + "\r\n");
      Eventually.holds("the first has begun", () -> bmc.exchanges().size() == 1);
      assertFalse(further.get("/events", session).complete());
      more.countDown();
      assertEquals("data: 1\n\ndata: 2\n\n", apart.answer().text());
    }
  }

  @Test
  void oneWhoseBrowserHasLeftEndsWhenOnlyTheContainersServerCouldTell() throws Exception {
    CompletableFuture<Throwable> gone = new CompletableFuture<>();
    CountDownLatch more = new CountDownLatch(1);
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> answer(exchange, more));
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .vendor("acme", "{title: Acme BMC}")
                .listener(leaving(gone))
                .start();
        RawClient page = new RawClient(gateway.port())) {
      String session = "Cookie: pm-session=" + Tokens.mint(bmc.port(), "acme") + "\r\n";
      page.send("GET /events HTTP/1.1\r\nHost: localhost\r\n" + session + "\r\n");
      assertEquals("HTTP/1.1 200 OK", page.line());
      gone.complete(new EOFException("left"));
      assertFalse(readToTheEnd(page).contains("data: 2"));
      more.countDown();
      Eventually.holds("the BMC is let go", () -> bmc.openConnections() == 0);
    }
  }

  private static String readToTheEnd(RawClient page) throws IOException {
    return new String(page.in().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static ServletRequestListener leaving(CompletableFuture<Throwable> gone) {
    return new ServletRequestListener() {
      @Override
      public void requestInitialized(ServletRequestEvent event) {
        event.getServletRequest().setAttribute("io.github.bmcgateway.gone", gone);
      }
    };
  }

  private static void answer(Exchange exchange, CountDownLatch more) throws IOException {
    if (exchange.requestLine().startsWith("GET /silent")) {
      return;
    }
    exchange.say(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 18\r\n\r\n"
            + "data: 1\n\n");
    try {
      more.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    exchange.say("data: 2\n\n");
  }

  private static String logIn(RawClient browser, Ilo5Simulator bmc) throws Exception {
    String json =
        "{\"method\":\"login\",\"user_login\":\"%s\",\"password\":\"%s\"}"
            .formatted(bmc.user(), bmc.password());
    browser.send(
        "POST /json/login_session HTTP/1.1\r\nHost: localhost\r\nCookie: pm-session="
            + Tokens.mint(bmc.port(), "ilo5")
            + "\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json);
    return browser.answer().values("Set-Cookie").get(0).split(";")[0] + "\r\n";
  }

  private static List<RawClient> open(GatewayFixture gateway, String session) throws Exception {
    List<RawClient> pages = new ArrayList<>();
    for (int i = 0; i < PAGES; i++) {
      RawClient page = new RawClient(gateway.port());
      pages.add(page);
      page.send("GET /sse/ui HTTP/1.1\r\nHost: localhost\r\n" + session + "\r\n");
      assertTrue(page.line().endsWith(" 200 OK"));
    }
    return pages;
  }
}
