package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.RawClient.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How often one client may ask for the session link. */
class LinkLimitTest {
  private static final String LIMIT = "limits: {linksPerMinute: 3}";

  private static Answer get(GatewayFixture gateway, String target, String headers)
      throws IOException {
    try (RawClient client = new RawClient(gateway.port())) {
      return client.get(target, headers);
    }
  }

  private static Answer link(GatewayFixture gateway, String client) throws IOException {
    return get(gateway, "/gpsession?token=x", "X-Forwarded-For: " + client + "\r\n");
  }

  @Test
  void tooManyLinksOfOneClientHaveToWaitAndNothingElseHas() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.builder(443).yaml(LIMIT).start()) {
      for (int i = 0; i < 3; i++) {
        assertEquals(401, link(gateway, "192.0.2." + i).status());
      }
      Answer refused = link(gateway, "192.0.2.9");
      assertEquals(429, refused.status());
      assertTrue(refused.text().contains("\"too_many\""), refused::text);
      int wait = Integer.parseInt(refused.values("Retry-After").get(0));
      assertTrue(wait > 0 && wait <= 20, refused::head);
      assertEquals(401, get(gateway, "/", "").status());
      assertEquals(200, get(gateway, "/.gateway/health", "").status());
    }
  }

  @Test
  void clientsBehindATrustedProxyAreToldApart() throws Exception {
    String trust = LIMIT + "\ngateway: {trustedProxies: 127.0.0.1}";
    try (GatewayFixture gateway = GatewayFixture.builder(443).yaml(trust).start()) {
      for (int i = 0; i < 3; i++) {
        assertEquals(401, link(gateway, "2001:db8::" + i).status());
      }
      assertEquals(429, link(gateway, "2001:db8::9").status());
      assertEquals(401, link(gateway, "2001:db8:0:1::9").status());
    }
  }
}
