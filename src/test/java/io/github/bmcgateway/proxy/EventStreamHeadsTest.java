package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import io.github.bmcgateway.testing.ScriptedBmc;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The head of a stream of events goes ahead of the body, of which there may be anything. */
class EventStreamHeadsTest {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

  /** The second is read to its end even when the browser leaves, by a listener of its own. */
  private static final List<String> PATHS = List.of("/events", "/redfish/v1/events");

  @Test
  void whatEndsAtOnceArrivesWhole() throws Exception {
    assertArrives("GET", HEAD + "Content-Length: 0\r\n\r\n", "");
    assertArrives("GET", HEAD + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "");
    assertArrives("GET", HEAD + "Content-Length: 9\r\n\r\ndata: 1\n\n", "data: 1\n\n");
    assertArrives(
        "GET",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n0\r\n\r\n",
        "data: 1\n\n");
    assertArrives("HEAD", HEAD + "Content-Length: 9\r\n\r\n", "");
  }

  private static void assertArrives(String method, String said, String body) throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.say(said));
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), "asrockrack");
        RawClient browser = new RawClient(gateway.port())) {
      for (String path : PATHS) {
        Answer answer = browser.request(method, path, "");
        assertEquals(200, answer.status(), said);
        assertEquals(List.of("text/event-stream"), answer.values("Content-Type"));
        assertEquals(body, answer.text(), said);
        assertTrue(answer.complete(), said);
      }
    }
  }
}
