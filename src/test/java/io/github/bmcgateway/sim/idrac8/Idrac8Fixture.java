package io.github.bmcgateway.sim.idrac8;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.sim.BmcClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.junit.jupiter.api.AfterEach;

/** One simulated unit and clients for its two ports. */
abstract class Idrac8Fixture {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern FORWARD =
      Pattern.compile(
          "<forwardUrl>index\\.html\\?ST1=([0-9a-f]{32}),ST2=([0-9a-f]{32})</forwardUrl>");

  final List<AutoCloseable> opened = new ArrayList<>();
  Idrac8Simulator bmc;
  BmcClient client;
  BmcClient console;

  void start(Idrac8Simulator.Builder builder) throws Exception {
    bmc = builder.start();
    opened.add(bmc);
    client = new BmcClient(bmc.ownAuthority());
    opened.add(client);
    console = new BmcClient("127.0.0.1:" + bmc.consolePort());
    opened.add(console);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  ContentResponse login(String form) throws Exception {
    return client
        .request("POST", "/data/login")
        .body(new StringRequestContent("application/x-www-form-urlencoded", form))
        .send();
  }

  /** What a page has after a login: its headers, and its token {@code ST1} under that name. */
  Map<String, String> credentials() throws Exception {
    ContentResponse answer = login("user=root&password=" + bmc.password());
    Matcher forward = FORWARD.matcher(answer.getContentAsString());
    assertTrue(forward.find(), answer.getContentAsString());
    Map<String, String> credentials = new HashMap<>();
    String cookie = answer.getHeaders().get("Set-Cookie").split(";")[0];
    credentials.put("Cookie", cookie + "; tokenvalue=" + forward.group(1));
    credentials.put("ST2", forward.group(2));
    return credentials;
  }

  static String st1(Map<String, String> credentials) {
    return credentials.get("Cookie").replaceFirst(".*tokenvalue=", "");
  }

  Request as(Map<String, String> headers, String method, String target) {
    return client.request(method, target).headers(fields -> headers.forEach(fields::put));
  }

  static JsonNode json(Request request) throws Exception {
    ContentResponse answer = request.send();
    assertEquals(200, answer.getStatus());
    return JSON.readTree(answer.getContent());
  }

  /** Temporary credentials for a console, through a login of its own. */
  JsonNode consoleCredentials() throws Exception {
    Map<String, String> credentials = credentials();
    JsonNode variables =
        json(as(credentials, "GET", "/session?getSsnVar=aimSession,username,virtualConsole"));
    int aimSession = variables.at("/getSsnVar/aimSession").asInt();
    return json(as(credentials, "GET", "/session?setTempCredential=" + aimSession))
        .get("aimGetProp");
  }
}
