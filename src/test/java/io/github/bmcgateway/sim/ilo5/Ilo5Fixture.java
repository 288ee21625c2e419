package io.github.bmcgateway.sim.ilo5;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.sim.RawConnection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.AfterEach;

/** A simulated unit and a client for it, for one test. */
abstract class Ilo5Fixture {

  static final ObjectMapper JSON = new ObjectMapper();
  static final String LOGIN = "/json/login_session";
  static final String SYSTEM = "/redfish/v1/Systems/1/";
  static final String SHORT_LOGIN = "/redfish/v1/Sessions/";
  static final String SESSIONS = "/redfish/v1/SessionService/Sessions/";

  final List<AutoCloseable> opened = new ArrayList<>();
  Ilo5Simulator bmc;
  BmcClient client;

  void start(Ilo5Simulator.Builder builder) throws Exception {
    bmc = builder.start();
    opened.add(bmc);
    client = new BmcClient(bmc.ownAuthority());
    opened.add(client);
  }

  void start(Ilo5Quirk... without) throws Exception {
    start(Ilo5Simulator.builder().without(without));
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  /** Logs in as the web pages do; the new session's key. */
  String logIn() throws Exception {
    ContentResponse answer = redfishLogin(bmc.password()).send();
    assertEquals(201, answer.getStatus());
    return answer.getHeaders().get("X-Auth-Token");
  }

  Request redfishLogin(String password) {
    return post(
        SHORT_LOGIN, "{\"UserName\":\"%s\",\"Password\":\"%s\"}".formatted(bmc.user(), password));
  }

  Request jsonLogin(String password) {
    return post(
        LOGIN,
        "{\"method\":\"login\",\"user_login\":\"%s\",\"password\":\"%s\"}"
            .formatted(bmc.user(), password));
  }

  Request post(String target, String json) {
    return client.request("POST", target).body(new StringRequestContent("application/json", json));
  }

  Request withCookie(String method, String target, String key) {
    return with(client.request(method, target), Map.of("Cookie", "sessionKey=" + key));
  }

  Request withToken(String method, String target, String key) {
    return with(client.request(method, target), Map.of("X-Auth-Token", key));
  }

  static Request with(Request request, Map<String, String> headers) {
    return request.headers(fields -> headers.forEach(fields::put));
  }

  static JsonNode json(Request request) throws Exception {
    return JSON.readTree(request.send().getContent());
  }

  /** The head and body of the answer to bytes that no proper client sends. */
  String raw(String request) throws IOException {
    try (RawConnection raw = new RawConnection("127.0.0.1", bmc.port())) {
      raw.send(request.replace("@HOST@", bmc.ownAuthority()));
      return raw.receive();
    }
  }

  TestViewer viewer(String key) throws Exception {
    return new TestViewer(socket("/wss/ircport", key));
  }

  BmcClient.Socket socket(String path, String key) throws Exception {
    return client.open(path, Map.of("Cookie", "sessionKey=" + key), List.of());
  }

  static String unzipped(byte[] gzip) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
