package io.github.bmcgateway.sim.openbmc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.BmcClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a unit takes, refuses and answers. */
class OpenbmcSimulatorTest {

  private static final String SYSTEM = "/redfish/v1/Systems/system";
  private static final String UPDATE = "/redfish/v1/UpdateService/update";

  private OpenbmcSimulator bmc;
  private BmcClient client;
  private String cookies;
  private String xsrf;

  @BeforeEach
  void start() throws Exception {
    bmc = OpenbmcSimulator.builder().start();
    client = new BmcClient(bmc.ownAuthority());
    ContentResponse answer = logIn(bmc.password());
    List<String> set = answer.getHeaders().getValuesList("Set-Cookie");
    cookies =
        set.stream()
            .map(cookie -> cookie.replaceAll(";.*", ""))
            .reduce((a, b) -> a + "; " + b)
            .get();
    xsrf = cookies.replaceAll(".*XSRF-TOKEN=([^;]*).*", "$1");
  }

  @AfterEach
  void stop() {
    client.close();
    bmc.close();
  }

  @Test
  void aLoginSetsTwoStrictCookiesOfWhichScriptsReadOne() throws Exception {
    List<String> set = logIn(bmc.password()).getHeaders().getValuesList("Set-Cookie");

    assertEquals(2, set.size());
    assertTrue(set.get(0).matches("XSRF-TOKEN=\\w{20}; Path=/; SameSite=Strict; Secure"));
    assertTrue(
        set.get(1).matches("BMCWEB-SESSION=\\w{20}; Path=/; SameSite=Strict; Secure; HttpOnly"));
    assertEquals(2, bmc.sessionsInUse());
  }

  @Test
  void aWrongPasswordIsRefused() throws Exception {
    assertEquals(401, logIn("wrong").getStatus());
  }

  @Test
  void pagesAreOpenAndCarryTheirHeaders() throws Exception {
    ContentResponse page = client.request("GET", "/").send();

    assertEquals(200, page.getStatus());
    assertEquals("gzip", page.getHeaders().get("Content-Encoding"));
    assertEquals("same-origin", page.getHeaders().get("Cross-Origin-Opener-Policy"));
    assertEquals("require-corp", page.getHeaders().get("Cross-Origin-Embedder-Policy"));
    assertTrue(page.getHeaders().contains("Strict-Transport-Security"));
  }

  @Test
  void readingNeedsTheSession() throws Exception {
    assertEquals(401, client.request("GET", SYSTEM).send().getStatus());
    assertEquals(200, with("GET", SYSTEM).send().getStatus());
    assertEquals(200, client.request("GET", "/redfish/v1/").send().getStatus());
  }

  @Test
  void writingNeedsTheSecondSecretToo() throws Exception {
    assertEquals(401, with("POST", "/logout").send().getStatus());
    assertEquals(401, secret(with("POST", "/logout"), "wrong").send().getStatus());
    assertEquals(200, secret(with("POST", "/logout"), xsrf).send().getStatus());
    assertEquals(0, bmc.sessionsInUse());
  }

  @Test
  void redfishSessionsNeedNoSecondSecret() throws Exception {
    ContentResponse made =
        post(
            "/redfish/v1/SessionService/Sessions",
            "{\"UserName\":\"root\",\"Password\":\"%s\"}".formatted(bmc.password()));
    Map<String, String> token = Map.of("X-Auth-Token", made.getHeaders().get("X-Auth-Token"));

    assertEquals(201, made.getStatus());
    assertEquals(200, headers(client.request("GET", SYSTEM), token).send().getStatus());
    String location = made.getHeaders().get("Location");
    assertEquals(200, headers(client.request("DELETE", location), token).send().getStatus());
    assertEquals(401, headers(client.request("GET", SYSTEM), token).send().getStatus());
  }

  @Test
  void eventsComeOneByOne() throws Exception {
    InputStreamResponseListener listener = new InputStreamResponseListener();
    with("GET", "/redfish/v1/EventService/SSE").send(listener);

    try (var in = listener.getInputStream()) {
      assertEquals("id: 0\ndata: ", new String(in.readNBytes(12), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void anImageIsCountedAndHashedAndMayNotBeTooLong() throws Exception {
    byte[] image = new byte[(int) Redfish.MAX_BODY_BYTES];
    assertEquals(202, upload(image));
    assertEquals(413, upload(new byte[image.length + 1]));

    assertEquals(1, bmc.uploads().size());
    assertEquals(image.length, bmc.uploads().get(0).bytes());
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(image);
    assertEquals(HexFormat.of().formatHex(digest), bmc.uploads().get(0).sha256());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "binary", "wrong"})
  void aSocketWithoutTheSecretAsSubprotocolIsRefused(String offered) throws Exception {
    Map<String, String> headers =
        offered.isEmpty()
            ? Map.of("Cookie", cookies)
            : Map.of("Cookie", cookies, "Sec-WebSocket-Protocol", offered);

    assertEquals(401, client.refusal("/kvm/0", headers));
  }

  @Test
  void aSocketWithoutTheSessionIsRefused() throws Exception {
    assertEquals(401, client.refusal("/kvm/0", Map.of("Sec-WebSocket-Protocol", xsrf)));
  }

  @Test
  void theConsoleEchoesTheSubprotocolAndSendsAPicture() throws Exception {
    BmcClient.Socket socket = console();

    assertEquals(xsrf, socket.subprotocol());
    assertEquals("800x600", new TestViewer(socket).greet());
    socket.send(TestViewer.updateRequest());
    assertArrayEquals(new byte[] {0, 0, 0, 1}, Arrays.copyOf(socket.receive(), 4));
    socket.send(TestViewer.key('a'));
    socket.send(TestViewer.text(ConsoleSocket.INPUT_BUFFER_BYTES));
    bmc.recorder().awaitSocket(seen -> seen.events().contains("text 1016"));
    assertEquals(List.of(), bmc.recorder().violations());
  }

  @Test
  void aMessageLongerThanItsBufferEndsTheConsole() throws Exception {
    BmcClient.Socket socket = console();
    new TestViewer(socket).greet();

    socket.send(TestViewer.text(ConsoleSocket.INPUT_BUFFER_BYTES + 1));

    assertEquals(1000, socket.awaitClose());
    assertEquals(List.of("Message of 1025 bytes (/kvm/0)"), bmc.recorder().violations());
  }

  @Test
  void mergedMessagesAreNoticed() throws Exception {
    BmcClient.Socket socket = console();
    new TestViewer(socket).greet();
    byte[] merged = new byte[16];
    System.arraycopy(TestViewer.key('a'), 0, merged, 0, 8);
    System.arraycopy(TestViewer.key('b'), 0, merged, 8, 8);

    socket.send(merged);

    assertEquals(1002, socket.awaitClose());
    assertFalse(bmc.recorder().violations().isEmpty());
  }

  @Test
  void aFifthConsoleIsClosedAtOnce() throws Exception {
    List<BmcClient.Socket> open = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      open.add(console());
    }

    assertEquals(1000, console().awaitClose());
    assertEquals(4, open.size());
  }

  private BmcClient.Socket console() throws Exception {
    return client.open("/kvm/0", Map.of("Cookie", cookies), List.of(xsrf));
  }

  private ContentResponse logIn(String password) throws Exception {
    return post("/login", "{\"data\":[\"root\",\"%s\"]}".formatted(password));
  }

  private ContentResponse post(String path, String json) throws Exception {
    return client
        .request("POST", path)
        .body(new StringRequestContent("application/json", json))
        .send();
  }

  private int upload(byte[] image) throws Exception {
    return secret(with("POST", UPDATE), xsrf)
        .body(new BytesRequestContent("application/octet-stream", image))
        .send()
        .getStatus();
  }

  private Request with(String method, String target) {
    return headers(client.request(method, target), Map.of("Cookie", cookies));
  }

  private static Request secret(Request request, String value) {
    return headers(request, Map.of("X-XSRF-TOKEN", value));
  }

  private static Request headers(Request request, Map<String, String> headers) {
    return request.headers(fields -> headers.forEach(fields::put));
  }
}
