package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords in {@code Authorization: Basic} can't be guessed faster than in a form. */
class FailedBasicLoginsTest {
  private static final String RIGHT = "Authorization: Basic cmlnaHQ=\r\n";
  private static final String SYSTEMS = "/redfish/v1/Systems";

  private final CountDownLatch gate = new CountDownLatch(1);

  private void answer(Exchange exchange) throws IOException {
    exchange.body();
    if (exchange.requestLine().contains("/slow")) {
      await(gate);
    }
    boolean good =
        exchange.values("Authorization").stream().allMatch(value -> value.endsWith("cmlnaHQ="));
    if (exchange.requestLine().contains("/stream") && good) {
      exchange.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbe");
      await(gate);
      throw new IOException("over");
    }
    exchange.say("HTTP/1.1 " + (good ? 200 : 401) + " Said\r\nContent-Length: 0\r\n\r\n");
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static String session(ScriptedBmc bmc, String vendor) {
    return "Cookie: pm-session=" + Tokens.mint(bmc.port(), vendor) + "\r\n";
  }

  private static String guess(int number) {
    return "Authorization: bAsIc d3Jvbmc" + number + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"ilo5", "generic"})
  void theFourthWithinAMinuteNeverReachesTheBmc(String vendor) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::answer);
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient client = new RawClient(gateway.port())) {
      String session = session(bmc, vendor);
      for (int i = 0; i < 6; i++) {
        assertEquals(200, client.get(SYSTEMS, session + RIGHT).status());
      }
      for (int i = 0; i < 3; i++) {
        assertEquals(401, client.get(SYSTEMS, session + guess(i)).status());
        assertEquals(i < 2 ? 200 : 429, client.get(SYSTEMS, session + RIGHT).status());
      }
      int sent = bmc.exchanges().size();
      RawClient.Answer fourth = client.get(SYSTEMS, session + guess(3));
      assertEquals(429, fourth.status());
      assertTrue(fourth.text().contains("too_many"));
      int wait = Integer.parseInt(fourth.values("Retry-After").get(0));
      assertTrue(wait > 20 && wait <= 60, () -> "" + wait);
      assertEquals(sent, bmc.exchanges().size());
      assertEquals(200, client.get(SYSTEMS, session).status());
      assertEquals(401, client.get(SYSTEMS, session + "Authorization: Bearer a\r\n").status());
    }
  }

  @Test
  void manyAtOnceWithTheSameCredentialsAreOneLoginAndWithOthersAreMany() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::answer);
        GatewayFixture gateway = GatewayFixture.start(bmc.port())) {
      String session = session(bmc, "generic");
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 5; i++) {
          clients.add(send(gateway, session + RIGHT));
        }
        Eventually.holds("five at the BMC", () -> bmc.exchanges().size() == 5);
        clients.add(send(gateway, session + guess(1)));
        clients.add(send(gateway, session + guess(2)));
        Eventually.holds("seven at the BMC", () -> bmc.exchanges().size() == 7);
        try (RawClient third = new RawClient(gateway.port())) {
          RawClient.Answer refused = third.get("/slow", session + guess(3));
          assertEquals(429, refused.status());
          assertEquals("1", refused.values("Retry-After").get(0));
        }
        gate.countDown();
        for (int i = 0; i < 7; i++) {
          assertEquals(i < 5 ? 200 : 401, clients.get(i).answer().status());
        }
        assertEquals(7, bmc.exchanges().size());
      } finally {
        for (RawClient client : clients) {
          client.close();
        }
      }
    }
  }

  @Test
  void eachOfManyAtOnceThatFailsCounts() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::answer);
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient one = send(gateway, session(bmc, "generic") + guess(1));
        RawClient two = send(gateway, session(bmc, "generic") + guess(1));
        RawClient three = send(gateway, session(bmc, "generic") + guess(1))) {
      Eventually.holds("three at the BMC", () -> bmc.exchanges().size() == 3);
      gate.countDown();
      for (RawClient each : List.of(one, two, three)) {
        assertEquals(401, each.answer().status());
      }
      assertEquals(429, one.get(SYSTEMS, session(bmc, "generic") + RIGHT).status());
    }
  }

  @Test
  void anAnswerThatLastsKeepsNobodyOut() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::answer);
        GatewayFixture gateway = GatewayFixture.start(bmc.port());
        RawClient client = new RawClient(gateway.port())) {
      String session = session(bmc, "generic");
      List<RawClient> streams = new ArrayList<>();
      try {
        for (int i = 0; i < 3; i++) {
          RawClient stream = new RawClient(gateway.port());
          streams.add(stream);
          String own = "Authorization: Basic " + "x".repeat(i) + " cmlnaHQ=\r\n";
          stream.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n" + session + own + "\r\n");
        }
        Eventually.holds("three at the BMC", () -> bmc.exchanges().size() == 3);
        Eventually.holds("another is let in", () -> status(client, session + RIGHT) == 200);
      } finally {
        gate.countDown();
        for (RawClient stream : streams) {
          stream.close();
        }
      }
    }
  }

  private static int status(RawClient client, String headers) {
    try {
      return client.get(SYSTEMS, headers).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RawClient send(GatewayFixture gateway, String headers) throws IOException {
    RawClient client = new RawClient(gateway.port());
    client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    return client;
  }
}
