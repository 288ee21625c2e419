package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.openbmc.OpenbmcSimulator;
import io.github.bmcgateway.sim.openbmc.TestViewer;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Tokens;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A vendor that the gateway doesn't know, added by the file {@code
 * webapp-config/vendors/openbmc.yaml} alone: the journey of a browser, and what its console and its
 * cookies ask of a gateway.
 */
class OpenbmcJourneyIT {

  private static final Path PROFILE = Path.of("webapp-config", "vendors", "openbmc.yaml");
  private static final int FIRMWARE_BYTES = 30 << 20;

  @TempDir private Path folder;

  private final KeyStore keys = TestCertificates.localhost();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private OpenbmcSimulator bmc;
  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = opened(OpenbmcSimulator.builder().start());
    gateway = opened(GatewayFixture.builder(bmc.port()).keys(keys).profile(PROFILE).start());
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void aBrowserTakesTheWholeJourney() throws Exception {
    Browser browser = opened(Browser.start(keys));
    OpenbmcPages pages = new OpenbmcPages(browser, bmc);
    browser.open(gateway.link(Tokens.mint(bmc.port(), "openbmc")));
    pages.logIn("wrong");
    assertEquals("Invalid username or password", pages.loginError());
    pages.logIn(bmc.password());
    pages.awaitOverview();
    pages.awaitEvents(2);
    browser.screenshot("openbmc-01-overview");
    Path firmware = file(FIRMWARE_BYTES);
    assertEquals("202", pages.upload(firmware));
    assertEquals(sha256(firmware), bmc.uploads().get(0).sha256());
    assertEquals("413", pages.upload(file(FIRMWARE_BYTES + 1)));

    String main = browser.window();
    pages.openConsoleWindow();
    assertEquals("kept", browser.evaluate("document.body.dataset.subprotocol"));
    pages.awaitMovingPicture();
    browser.find("#screen").sendKeys("abc");
    bmc.recorder().awaitSocket(socket -> socket.events().contains("key 99"));
    browser.screenshot("openbmc-02-console");
    assertEquals(null, browser.evaluate("document.body.dataset.violation"));
    browser.closeWindow(main);
    pages.openConsole();
    pages.awaitMovingPicture();

    pages.logOut();
    assertEquals(0, bmc.sessionsInUse());
    assertClean(browser);
  }

  @Test
  void cookiesAndHeadersStayAsTheUnitSendsThem() throws Exception {
    Client client = new Client();

    ContentResponse page = client.request("GET", "/").send();
    List<String> set = client.logIn().getHeaders().getValuesList("Set-Cookie");

    assertEquals("same-origin", page.getHeaders().get("Cross-Origin-Opener-Policy"));
    assertEquals("require-corp", page.getHeaders().get("Cross-Origin-Embedder-Policy"));
    assertFalse(page.getHeaders().contains("Strict-Transport-Security"));
    assertTrue(
        set.get(0).matches("XSRF-TOKEN=\\w{20}; Path=/; SameSite=Strict; Secure"), set::toString);
    assertTrue(
        set.get(1).matches("BMCWEB-SESSION=\\w{20}; Path=/; SameSite=Strict; Secure; HttpOnly"),
        set::toString);
  }

  @Test
  void messagesToTheConsoleAreNeverMerged() throws Exception {
    BmcClient.Socket console = new Client().console();
    assertEquals("800x600", new TestViewer(console).greet());

    for (int i = 0; i < 500; i++) {
      console.send(TestViewer.key(1000 + i));
    }
    console.send(TestViewer.text(1024));

    List<String> events =
        bmc.recorder().awaitSocket(seen -> seen.events().contains("text 1016")).events();
    assertEquals(500, events.stream().filter(event -> event.startsWith("key ")).count());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void aMessageThatTheUnitCannotHoldEndsTheConsoleBeforeItReachesTheUnit() throws Exception {
    BmcClient.Socket console = new Client().console();
    new TestViewer(console).greet();

    console.send(TestViewer.text(1025));

    assertEquals(1009, console.awaitClose());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void piecesOfOneMessageAreNotJoinedToMoreThanTheUnitCanHold() throws Exception {
    BmcClient.Socket console = new Client().console();
    new TestViewer(console).greet();
    ByteBuffer text = ByteBuffer.wrap(TestViewer.text(1200));

    console.send(new Frame(OpCode.BINARY, /* fin= */ false, text.slice(0, 600)));
    console.send(new Frame(OpCode.CONTINUATION, /* fin= */ true, text.slice(600, 600)));

    assertEquals(1009, console.awaitClose());
    assertEquals(List.of(), bmc.recorder().violations());
  }

  private void assertClean(Browser browser) {
    assertEquals(List.of(), bmc.recorder().violations());
    List<String> bad =
        browser.consoleLog().stream()
            .filter(line -> line.contains("Content Security Policy") || line.contains("ERR_"))
            .toList();
    assertEquals(List.of(), bad);
    assertTrue(browser.url().startsWith(gateway.origin() + "/"), browser.url());
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }

  private Path file(int bytes) throws Exception {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(folder.resolve(bytes + ".mtd.tar"), content);
  }

  private static String sha256(Path file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }

  /** A client that has followed a session link. */
  private final class Client {

    private final BmcClient http;
    private final String session;

    Client() throws Exception {
      http = opened(new BmcClient("localhost:" + gateway.port()));
      ContentResponse answer =
          http.request("GET", "/gpsession?token=" + Tokens.mint(bmc.port(), "openbmc")).send();
      session = pairs(answer, "pm-session=");
    }

    Request request(String method, String target) {
      return http.request(method, target).headers(fields -> fields.put("Cookie", session));
    }

    ContentResponse logIn() throws Exception {
      String credentials = "{\"data\":[\"%s\",\"%s\"]}".formatted(bmc.user(), bmc.password());
      return request("POST", "/login")
          .body(new StringRequestContent("application/json", credentials))
          .send();
    }

    BmcClient.Socket console() throws Exception {
      ContentResponse answer = logIn();
      String cookies = session + "; " + pairs(answer, "");
      String token = pairs(answer, "XSRF-TOKEN=").replace("XSRF-TOKEN=", "");
      Map<String, String> headers =
          Map.of("Cookie", cookies, "Origin", "https://localhost:" + gateway.port());
      BmcClient.Socket socket = http.open("/kvm/0", headers, List.of(token));
      assertEquals(token, socket.subprotocol());
      return socket;
    }

    private static String pairs(ContentResponse answer, String prefix) {
      return answer.getHeaders().getValuesList("Set-Cookie").stream()
          .map(cookie -> cookie.replaceAll(";.*", ""))
          .filter(pair -> pair.startsWith(prefix))
          .collect(Collectors.joining("; "));
    }
  }
}
