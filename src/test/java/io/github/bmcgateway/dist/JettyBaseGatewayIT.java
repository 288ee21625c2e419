package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.dist.OddHttp2Requests.OddHttp2Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The gateway in the Jetty base. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JettyBaseGatewayIT extends GatewaySmoke {
  private JettyBase base;

  @Override
  Server prepare(Path folder, Map<String, String> settings) throws Exception {
    Map<String, String> withoutAudit = new HashMap<>(settings);
    withoutAudit.remove(AUDIT_LOG);
    base = JettyBase.unpack(folder, withoutAudit);
    return base;
  }

  @Override
  Path audit(Path folder) {
    return base.folder().resolve("logs/audit.jsonl");
  }

  @Override
  WebSocketApi webSocketApi() {
    return WebSocketApi.JETTY;
  }

  @Test
  void writesNoHttp2RequestAsAnotherOne() throws Exception {
    List<OddHttp2Request> requests = OddHttp2Requests.all();

    Map<String, String> outcomes =
        new ParserCheck(server().browser(), recorder(), session()).http2(requests);

    assertEquals(ParserCheck.SENT_ON, outcomes.get(OddHttp2Requests.PLAIN_ONE));
    assertEquals(ParserTable.http2(), outcomes);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void sigtermClosesConsolesAndEndsWithin15Seconds() throws Exception {
    Console console = openConsole();
    console.receive();

    server().process().terminate();

    assertEquals(1001, console.awaitClose());
    assertEquals(128 + 15, server().process().awaitExit(Duration.ofSeconds(15)));
  }
}
