package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How upgrades are answered. */
@ParameterizedClass
@EnumSource(WebSocketApi.class)
class ConsoleUpgradeTest {
  @Parameter WebSocketApi api;
  private FakeBmc bmc;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = new FakeBmc();
    gateway = new Gateway(bmc.port(), Gateway.QUICK, Set.of(api));
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  private String ask(String request) throws IOException {
    try (Wire browser = Wire.connect(gateway.port())) {
      return browser.write(request).readHead();
    }
  }

  @Test
  void aRequestThatIsNoUpgradeGoesOnDownTheChain() throws Exception {
    try (Wire browser = Wire.connect(gateway.port())) {
      String head = browser.write("GET /page HTTP/1.1\r\nHost: gateway\r\n\r\n").readHead();
      assertEquals("passed", browser.readBody(head));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/vnc/vconsole",
        "//x/y",
        "//",
        "/a//b",
        "/kvm?a=%2C,b&c=1+2",
        "/a%2Fb%25?x=%7c|[1]",
        "/a|b[c](d)@e",
        "/a;p=1/../b?",
        "/?&&==",
        "/%c3%a4?q=%zz",
        "/a?b?c#d"
      })
  void pathAndQueryReachTheBmcByteForByte(String target) throws Exception {
    try (Wire browser = gateway.open(target)) {
      String sent = bmc.nextHead().lines().findFirst().orElseThrow();
      // Jetty as a server cuts the fragment off before anybody sees it.
      assertEquals("GET " + target.replaceAll("#.*", "") + " HTTP/1.1", sent);
      bmc.nextConsole().text("hi");
      assertEquals("hi", browser.readFrame().text());
    }
  }

  @Test
  void theBmcIsOfferedTheBrowsersSubprotocolsAndNoExtension() throws Exception {
    bmc.answering(head -> FakeBmc.accept(head, "Sec-WebSocket-Protocol: binary"));
    Wire browser = Wire.connect(gateway.port());
    String head =
        browser
            .write(
                Wire.upgrade(
                    "/kvm",
                    "Sec-WebSocket-Protocol: base64, binary",
                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
            .readHead();
    String asked = bmc.nextHead();
    assertEquals("base64, binary", Wire.header(asked, "Sec-WebSocket-Protocol"));
    assertEquals("", Wire.header(asked, "Sec-WebSocket-Extensions"));
    assertEquals("127.0.0.1:" + bmc.port(), Wire.header(asked, "Host"));
    assertEquals(101, Wire.status(head));
    assertEquals("binary", Wire.header(head, "Sec-WebSocket-Protocol"));
    assertEquals("", Wire.header(head, "Sec-WebSocket-Extensions"));
    assertEquals(Wire.accept(Wire.KEY), Wire.header(head, "Sec-WebSocket-Accept"));
    browser.close();
  }

  @Test
  void aBmcThatChoosesNoSubprotocolIsRelayedAsSuch() throws Exception {
    String head = ask(Wire.upgrade("/kvm", "Sec-WebSocket-Protocol: binary"));
    assertEquals(101, Wire.status(head));
    assertEquals("", Wire.header(head, "Sec-WebSocket-Protocol"));
  }

  @Test
  void aSubprotocolThatWasNotOfferedIsDropped() throws Exception {
    bmc.answering(head -> FakeBmc.accept(head, "Sec-WebSocket-Protocol: binary"));
    try (Wire browser = Wire.connect(gateway.port())) {
      String head = browser.write(Wire.upgrade("/kvm")).readHead();
      assertEquals(101, Wire.status(head));
      assertEquals("", Wire.header(head, "Sec-WebSocket-Protocol"));
      bmc.nextConsole().text("works");
      assertEquals("works", browser.readFrame().text());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 401, 403, 404, 426, 500, 502, 503})
  void theBmcsRefusalIsTheBrowsersAnswer(int status) throws Exception {
    bmc.answering(head -> FakeBmc.refuse(status));
    assertEquals(status, Wire.status(ask(Wire.upgrade("/kvm"))));
    assertEquals(0, gateway.session.running());
  }

  @Test
  void framesThatCameWithTheBmcsAnswerAreNotLost() throws Exception {
    bmc.answering(head -> FakeBmc.accept(head) + "\u0081\u0003abc\u0081\u0001d");
    try (Wire browser = gateway.open("/kvm")) {
      assertEquals("abc", browser.readFrame().text());
      assertEquals("d", browser.readFrame().text());
    }
  }

  @Test
  void aBmcThatIsNotThereIs502() throws Exception {
    // Bound and not listening: nobody else can take the port meanwhile.
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress("127.0.0.1", 0));
      gateway.close();
      gateway = new Gateway(nobody.getLocalPort(), Gateway.QUICK, Set.of(api));
      assertAnswer(502, "bmc_unreachable");
    }
  }

  @Test
  void aBmcWithoutTlsIs502() throws Exception {
    try (ServerSocket plain = new ServerSocket(0)) {
      Thread talker = new Thread(() -> talkPlain(plain));
      talker.setDaemon(true);
      talker.start();
      gateway.close();
      gateway = new Gateway(plain.getLocalPort(), Gateway.QUICK, Set.of(api));
      assertAnswer(502, "bmc_tls");
    }
  }

  private static void talkPlain(ServerSocket plain) {
    // One that nobody holds is closed when garbage is collected.
    List<Socket> open = new ArrayList<>();
    try {
      while (true) {
        Socket socket = plain.accept();
        open.add(socket);
        socket.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes());
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  @Test
  void aBmcThatDoesNotAnswerIs504() throws Exception {
    bmc.answering(head -> "");
    gateway.close();
    gateway =
        new Gateway(bmc.port(), Gateway.QUICK.withHandshake(Duration.ofSeconds(1)), Set.of(api));
    assertAnswer(504, "bmc_timeout");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
      })
  void aBmcThatAnswersNonsenseIs502(String answer) throws Exception {
    bmc.answering(head -> answer);
    assertAnswer(502, "bmc_protocol");
  }

  @Test
  void aBmcThatInventsAnExtensionIs502() throws Exception {
    bmc.answering(head -> FakeBmc.accept(head, "Sec-WebSocket-Extensions: permessage-deflate"));
    assertAnswer(502, "bmc_protocol");
  }

  private void assertAnswer(int status, String code) throws IOException {
    try (Wire browser = Wire.connect(gateway.port())) {
      String head = browser.write(Wire.upgrade("/kvm")).readHead();
      assertEquals(status, Wire.status(head));
      assertTrue(browser.readBody(head).contains("\"" + code + "\""), head);
    }
    Eventually.holds("the session has no work", () -> gateway.session.running() == 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: c2hvcnQ=",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "POST / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 5",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nTransfer-Encoding: chunked"
      })
  void aMalformedUpgradeIs400AndTheBmcIsNotDialled(String request) throws Exception {
    String body =
        request.contains("Length") ? "hello" : request.contains("chunk") ? "0\r\n\r\n" : "";
    String head = ask(request + "\r\nHost: gateway\r\n\r\n" + body);
    assertEquals(400, Wire.status(head));
    assertFalse(bmc.wasAsked());
  }

  @Test
  void aSessionThatIsOverOpensNothing() throws Exception {
    gateway.session.end(End.EXPIRED);
    assertAnswer(401, "expired_token");
    assertFalse(bmc.wasAsked());
  }

  @Test
  void aSessionThatEndsWhileTheBmcIsAskedOpensNothing() throws Exception {
    bmc.answering(
        head -> {
          gateway.session.end(End.LOGGED_OUT);
          return FakeBmc.accept(head);
        });
    assertAnswer(401, "expired_token");
  }

  @Test
  void aBrowserThatLeavesWhileTheBmcIsAskedLeavesNothingBehind() throws Exception {
    Wire browser = Wire.connect(gateway.port());
    bmc.answering(
        head -> {
          try {
            browser.reset();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return FakeBmc.accept(head);
        });
    browser.write(Wire.upgrade("/kvm"));
    assertTrue(bmc.nextConsole().isEnded());
    Eventually.holds("the session has no work", () -> gateway.session.running() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/kvm HTTP/1.1~Host: other~", "/a b", "kvm", "https://other/"})
  void aTargetThatIsNoneIsNeverWritten(String target) throws Exception {
    assertEquals(400, Wire.status(ask(Wire.upgrade("/kvm", "X-Misread: " + target))));
    assertFalse(bmc.wasAsked());
  }

  @Test
  void aContainerWithoutWebSocketsServesPagesAndSaysWhatIsMissing() throws Exception {
    assertEquals(java.util.Optional.empty(), gateway.console.missing());
    try (Gateway bare = new Gateway(bmc.port(), Gateway.QUICK, Set.of());
        Wire browser = Wire.connect(bare.port());
        Wire reader = Wire.connect(bare.port())) {
      assertTrue(bare.console.missing().orElseThrow().contains("ee10-websocket-jetty"));
      String head = browser.write(Wire.upgrade("/kvm")).readHead();
      assertEquals(503, Wire.status(head));
      assertTrue(browser.readBody(head).contains("\"no_console\""));
      String page = reader.write("GET / HTTP/1.1\r\nHost: gateway\r\n\r\n").readHead();
      assertEquals("passed", reader.readBody(page));
    }
  }

  @Test
  void consolesDoNotUseUpTheConnectionsOfPages() throws Exception {
    List<Wire> browsers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      browsers.add(gateway.open("/kvm" + i));
      Wire there = bmc.nextConsole();
      there.text("hello " + i);
      assertEquals("hello " + i, browsers.get(i).readFrame().text());
    }
    assertEquals(20, gateway.session.running());
    for (int i = 0; i < 30; i++) {
      assertEquals(
          "page", gateway.client.GET("https://127.0.0.1:" + bmc.port() + "/").getContentAsString());
    }
    for (Wire browser : browsers) {
      browser.close();
    }
  }

  @Test
  void aConsoleOpensWhileEveryConnectionForPagesIsBusy() throws Exception {
    bmc.hangPages();
    for (int i = 0; i < 8; i++) {
      gateway.client.newRequest("https://127.0.0.1:" + bmc.port() + "/" + i).send(result -> {});
    }
    Eventually.holds("the pool is full", () -> bmc.hangingPages() == 8);
    try (Wire browser = gateway.open("/kvm")) {
      bmc.nextConsole().text("open");
      assertEquals("open", browser.readFrame().text());
    }
  }
}
