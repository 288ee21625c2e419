package io.github.bmcgateway.sim.asrockrack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.RawConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.AfterEach;

/** A unit, clients of it, and the calls that most tests need. */
abstract class SimulatorFixture {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<AutoCloseable> opened = new ArrayList<>();
  protected AsrockrackSimulator bmc;
  protected BmcClient client;

  protected final void start(AsrockrackSimulator.Builder builder) throws Exception {
    bmc = builder.start();
    opened.add(bmc);
    client = new BmcClient(bmc.ownAuthority());
    opened.add(client);
  }

  @AfterEach
  final void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  protected final RawConnection raw() throws Exception {
    RawConnection raw = new RawConnection("127.0.0.1", bmc.port());
    opened.add(raw);
    return raw;
  }

  /** What one request, written as it is, gets. */
  protected final String exchange(String request) throws Exception {
    RawConnection raw = raw();
    raw.send(request);
    return raw.receive();
  }

  protected final Request login(String user, String password) {
    return client
        .request("POST", "/api/session")
        .headers(headers -> headers.put("X-CSRFTOKEN", "null"))
        .body(
            new StringRequestContent(
                "application/x-www-form-urlencoded",
                "username=" + user + "&password=" + password + "&certlogin=0"));
  }

  protected final Map<String, String> credentials() throws Exception {
    ContentResponse answer = login(bmc.user(), bmc.password()).send();
    assertEquals(200, answer.getStatus(), answer.getContentAsString());
    return Map.of(
        "Cookie",
        answer.getHeaders().get("Set-Cookie").split(";")[0],
        "X-CSRFTOKEN",
        JSON.readTree(answer.getContent()).get("CSRFToken").asText());
  }

  protected final Request as(Map<String, String> credentials, String method, String target) {
    return client.request(method, target).headers(headers -> credentials.forEach(headers::put));
  }

  protected final JsonNode json(Request request) throws Exception {
    return json(request.send());
  }

  protected static JsonNode json(ContentResponse answer) throws Exception {
    return JSON.readTree(answer.getContent());
  }

  protected final String upgradeHead(String path, Map<String, String> credentials) {
    return ("GET %s HTTP/1.1\nHost: %s\nUpgrade: websocket\nConnection: Upgrade\n"
            + "Origin: https://%s\nCookie: %s\nSec-WebSocket-Key: %s\n"
            + "Sec-WebSocket-Version: 13\nSec-WebSocket-Protocol: binary, base64\n\n")
        .formatted(
            path,
            bmc.ownAuthority(),
            bmc.ownAuthority(),
            credentials.getOrDefault("Cookie", "QSESSIONID=none"),
            TestSocket.KEY);
  }

  protected final TestSocket connect() throws Exception {
    TestSocket socket = new TestSocket(bmc.port());
    opened.add(socket);
    return socket;
  }

  protected final TestSocket open(String path, Map<String, String> credentials) throws Exception {
    TestSocket socket = connect();
    String answer = socket.handshake(upgradeHead(path, credentials));
    assertEquals("HTTP/1.1 101 Switching Protocols", answer.lines().findFirst().orElse(""));
    return socket;
  }

  /** The packet that opens a console, of 373 bytes or with the server's address of 438. */
  protected static byte[] validation(JsonNode settings, String user, boolean withServer) {
    ByteBuffer payload = ByteBuffer.allocate(withServer ? 438 : 373);
    payload.put((byte) 1);
    put(payload, 1, settings.get("token").asText());
    put(payload, 130, settings.get("client_ip").asText());
    put(payload, 195, user);
    put(payload, 324, "00-00-00-00-00-00");
    if (withServer) {
      put(payload, 373, settings.get("server_ip").asText());
    }
    return new Ivtp.Packet(Ivtp.VALIDATE_VIDEO_SESSION, 0, payload.array()).bytes();
  }

  private static void put(ByteBuffer payload, int at, String text) {
    payload.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A console that has been let in. */
  protected final TestSocket console(Map<String, String> credentials) throws Exception {
    JsonNode settings = json(as(credentials, "GET", "/api/settings/media/h5viewercfg"));
    TestSocket socket = open("/kvm", credentials);
    socket.packet(Ivtp.CONNECTION_ALLOWED);
    socket.sendBinary(Ivtp.Packet.of(Ivtp.CONNECTION_COMPLETE, 1).bytes());
    socket.sendBinary(validation(settings, bmc.user(), /* withServer= */ true));
    socket.sendBinary(Ivtp.Packet.of(Ivtp.RESUME_REDIRECTION, 0).bytes());
    assertEquals(1, socket.packet(Ivtp.VALIDATED).payload()[0]);
    return socket;
  }
}
