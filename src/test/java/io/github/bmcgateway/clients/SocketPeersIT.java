package io.github.bmcgateway.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.clients.SocketPeer.Library;
import io.github.bmcgateway.clients.SocketPeer.Message;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two WebSocket implementations of others, each at the browser's end and at the BMC's, find through
 * the gateway what they would find with each other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SocketPeersIT {

  private static final int MIB = 1 << 20;
  private static final int BLOCK_BYTES = 1024;
  private static final String LONG_REASON = "ä".repeat(61) + "!";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<Library, SocketPeer> browsers = new EnumMap<>(Library.class);
  private final Map<Library, Bmc> bmcs = new EnumMap<>(Library.class);
  private GatewayFixture gateway;

  private record Bmc(SocketPeer peer, int port) {}

  /** The two ends of one console. */
  private record Ends(SocketPeer browser, SocketPeer bmc) {

    List<Ends> bothWays() {
      return List.of(this, new Ends(bmc, browser));
    }
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    KeyStore keys = TestCertificates.localhost();
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    Files.writeString(certificate, TestCertificates.chainPem(keys));
    Files.writeString(key, TestCertificates.keyPem(keys));
    for (Library library : Library.values()) {
      browsers.put(library, opened(SocketPeer.client(folder, library)));
      SocketPeer server = opened(SocketPeer.server(folder, library, certificate, key));
      bmcs.put(library, new Bmc(server, server.port()));
    }
    int[] ports = bmcs.values().stream().mapToInt(Bmc::port).toArray();
    gateway = opened(GatewayFixture.start(ports));
  }

  @AfterAll
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Library.values())
        .flatMap(browser -> Stream.of(Library.values()).map(bmc -> Arguments.of(browser, bmc)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void messagesArriveWholeAndInOrder(Library browser, Library bmc) {
    Ends ends = open(browser, bmc);
    for (Ends way : ends.bothWays()) {
      List<Message> messages = messages();
      messages.forEach(way.browser()::send);
      for (Message message : messages) {
        assertEquals(message.arrived(), way.bmc().next());
      }
    }
    end(ends);
  }

  private static List<Message> messages() {
    byte[] noise = noise();
    return List.of(
        Message.text("reset the unit"),
        Message.text(""),
        Message.binary(new byte[0]),
        Message.binary(new byte[] {0, -1, 0x7f, -128}),
        Message.text("in three fragments", 3, 9),
        Message.binary(noise, 1, 2, 1000),
        Message.text("", 0, 0),
        Message.binary(noise, 0, 1024),
        Message.text("a€", 2),
        Message.text("😀 ä", 1, 2, 3, 6),
        Message.text("Grüße 你好 😀 ").times(5000),
        Message.binary(noise).times(MIB / BLOCK_BYTES),
        Message.text("ÄÖÜ€ 1").times(MIB / 11),
        Message.binary(noise, MIB, 5 * MIB).times(16 * MIB / BLOCK_BYTES),
        Message.text("0123456789abcde😀").times(16 * MIB / 19),
        Message.text("the last one"));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void bothMaySpeakAtOnce(Library browser, Library bmc) {
    Ends ends = open(browser, bmc);
    Message long16 = Message.binary(noise()).times(16 * MIB / BLOCK_BYTES);
    List<Message> keys = IntStream.range(0, 300).mapToObj(i -> Message.text("key " + i)).toList();
    for (Ends way : ends.bothWays()) {
      way.browser().send(long16);
      keys.forEach(way.browser()::send);
    }
    for (Ends way : ends.bothWays()) {
      assertEquals(long16.arrived(), way.bmc().next());
      for (Message key : keys) {
        assertEquals(key.arrived(), way.bmc().next());
      }
    }
    end(ends);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void whatWasSentBeforeACloseStillArrives(Library browser, Library bmc) {
    Message last = Message.binary(noise()).times(4 * MIB / BLOCK_BYTES);
    for (int way = 0; way < 2; way++) {
      Ends ends = open(browser, bmc).bothWays().get(way);
      ends.browser().send(last);
      ends.browser().close(4000, "that's all");
      assertEquals(last.arrived(), ends.bmc().next());
      assertEquals(closed(4000, "that's all"), ends.bmc().next());
      assertEquals(4000, ends.browser().next().get("code"));
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void closeCodesAndReasonsReachTheOtherEnd(Library browser, Library bmc) {
    for (Map.Entry<Integer, String> close :
        List.of(
            Map.entry(1000, ""),
            Map.entry(1001, "leaving"),
            Map.entry(1011, "no video"),
            Map.entry(3000, "ende"),
            Map.entry(4999, LONG_REASON))) {
      for (int way = 0; way < 2; way++) {
        Ends ends = open(browser, bmc).bothWays().get(way);
        ends.browser().close(close.getKey(), close.getValue());
        assertEquals(closed(close.getKey(), close.getValue()), ends.bmc().next());
        assertEquals(close.getKey(), ends.browser().next().get("code"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aCloseWithoutACodeIsNotGivenOneThatMeansTrouble(Library browser, Library bmc) {
    if (browser == Library.WS) {
      Ends ends = open(browser, bmc);
      ends.browser().closeWithoutCode();
      assertHarmless(ends.bmc().next());
      assertHarmless(ends.browser().next());
    }
    if (bmc == Library.WS) {
      Ends ends = open(browser, bmc);
      ends.bmc().closeWithoutCode();
      assertHarmless(ends.browser().next());
      assertHarmless(ends.bmc().next());
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void anEndThatVanishesIsMissedAtTheOther(Library browser, Library bmc) {
    Ends ends = open(browser, bmc);
    ends.bmc().drop();
    Map<String, Object> told = ends.browser().next();
    assertTrue(List.of(1001, 1011).contains(told.get("code")), told::toString);
    assertEquals(closed(1006, ""), ends.bmc().next());

    Ends others = open(browser, bmc);
    others.browser().drop();
    Map<String, Object> seen = others.bmc().next();
    assertTrue(List.of(1001, 1006).contains(seen.get("code")), seen::toString);
    assertEquals(closed(1006, ""), others.browser().next());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theSubprotocolThatTheBmcChoseReachesTheBrowser(Library browser, Library bmc) {
    bmcs.get(bmc).peer().accept("binary");
    connect(browser, bmc, "/", List.of("base64", "binary"));
    Map<String, Object> upgrade = bmcs.get(bmc).peer().next();
    assertEquals("base64,binary", upgrade.get("protocols").toString().replace(" ", ""));
    assertEquals(
        SocketPeer.event("open", Map.of("protocol", "binary")), browsers.get(browser).next());
    end(new Ends(browsers.get(browser), bmcs.get(bmc).peer()));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theBmcSeesThePathTheBrowserAskedForAndNoExtension(Library browser, Library bmc) {
    String target = "/kvm/0?token=a%2Fb%7c+c&x=%C3%A4&&y";
    bmcs.get(bmc).peer().accept();
    connect(browser, bmc, target, List.of());
    assertEquals(
        SocketPeer.event("open", Map.of("target", target, "protocols", "", "extensions", "")),
        bmcs.get(bmc).peer().next());
    assertEquals(SocketPeer.event("open", Map.of("protocol", "")), browsers.get(browser).next());
    end(new Ends(browsers.get(browser), bmcs.get(bmc).peer()));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void pingsAreAnsweredAlsoWithinAMessage(Library browser, Library bmc) {
    Ends ends = open(browser, bmc);
    for (Ends way : ends.bothWays()) {
      way.browser().ping("are you there?");
      assertEquals(SocketPeer.pong("are you there?"), way.browser().next());

      Message message = Message.text("cut in two", 5);
      way.browser().sendWithPings(message, "between");
      assertEquals(SocketPeer.pong("between"), way.browser().next());
      assertEquals(message.arrived(), way.bmc().next());
    }
    end(ends);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aRefusalReachesTheBrowserWithItsStatus(Library browser, Library bmc) {
    for (int status : new int[] {403, 503}) {
      bmcs.get(bmc).peer().refuse(status);
      connect(browser, bmc, "/", List.of());
      assertEquals(
          SocketPeer.event("refused", Map.of("status", status)), browsers.get(browser).next());
    }
  }

  private Ends open(Library browser, Library bmc) {
    Ends ends = new Ends(browsers.get(browser), bmcs.get(bmc).peer());
    ends.bmc().accept();
    connect(browser, bmc, "/", List.of());
    assertEquals("open", ends.browser().next().get("event"));
    assertEquals("open", ends.bmc().next().get("event"));
    return ends;
  }

  private void connect(Library browser, Library bmc, String target, List<String> protocols) {
    browsers.get(browser).reset();
    bmcs.get(bmc).peer().reset();
    String token = Tokens.mint(bmcs.get(bmc).port(), "generic");
    browsers
        .get(browser)
        .connect("wss://localhost:" + gateway.port() + target, "pm-session=" + token, protocols);
  }

  private static void end(Ends ends) {
    ends.browser().close(1000, "");
    assertEquals(closed(1000, ""), ends.bmc().next());
    assertEquals(1000, ends.browser().next().get("code"));
  }

  private static Map<String, Object> closed(int code, String reason) {
    return SocketPeer.event("closed", Map.of("code", code, "reason", reason));
  }

  private static void assertHarmless(Map<String, Object> event) {
    assertEquals("closed", event.get("event"));
    assertTrue(List.of(1000, 1005).contains(event.get("code")), event::toString);
  }

  private static byte[] noise() {
    byte[] bytes = new byte[BLOCK_BYTES];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }
}
