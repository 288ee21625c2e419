package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.console.FakeBmc;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.testing.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** That a console ends with its session, shown at both ends of the wire. */
final class ConsoleEnds {
  /** The credential of the admin endpoint. */
  static final String ADMIN_KEY = "vR7pXq2LmZ8sTd4KwYb9NcHf3JgUa6Ee";

  private static final Duration WITHIN = Duration.ofSeconds(1);
  private static final int LIFE_SECONDS = 3;

  private final Browser browser;
  private final FakeBmc bmc;
  private final AtomicInteger count = new AtomicInteger();

  ConsoleEnds(Browser browser, FakeBmc bmc) {
    this.browser = browser;
    this.bmc = bmc;
  }

  /** A console under a token of its own. */
  private final class Open {
    private final String jti = "console-" + count.incrementAndGet();
    private final String token;
    private final Wire near;
    private final Wire far;

    Open(int seconds) throws Exception {
      token = Tokens.mint(bmc.port(), seconds, c -> c.claim("vendor", "generic").jwtID(jti));
      String upgrade = Wire.upgrade("/kvm", "Cookie: pm-session=" + token);
      near = Wire.connect(browser.port());
      String head = near.write(upgrade.replace("Host: gateway", "Host: localhost")).readHead();
      assertEquals(101, Wire.status(head), head);
      bmc.nextHead();
      far = bmc.nextConsole();
    }

    /** Both ends are told, within a second of the moment. */
    void assertEnds(Instant moment) throws Exception {
      assertEquals(4401, near.skipTo(Wire.CLOSE).closeCode());
      near.close(4401, "");
      assertEquals(1000, far.skipTo(Wire.CLOSE).closeCode());
      far.close(1000, "");
      Duration since = Duration.between(moment, Instant.now());
      assertTrue(since.compareTo(WITHIN) < 0, "after " + since);
      assertTrue(near.isEnded() && far.isEnded());
    }
  }

  void atExpiryAtLogoutAndAtRevocation() throws Exception {
    Instant before = Instant.now();
    Open expiring = new Open(LIFE_SECONDS);
    Open left = new Open(600);
    Open revoked = new Open(600);

    Instant logout = Instant.now();
    Map<String, String> cookie = Map.of("Cookie", "pm-session=" + left.token);
    assertTrue(browser.send("POST", "/.gateway/logout", cookie).statusCode() < 400);
    left.assertEnds(logout);

    Instant revocation = Instant.now();
    revoke(revoked.jti);
    revoked.assertEnds(revocation);

    // Tokens expire at a whole second.
    Instant expiry = Instant.ofEpochSecond(before.getEpochSecond() + LIFE_SECONDS);
    expiring.assertEnds(expiry.plusSeconds(1));
    assertTrue(Instant.now().isAfter(expiry.minusMillis(50)));
  }

  private void revoke(String jti) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(browser.uri("https", "/.gateway/admin/revocations") + ""))
            .header("Authorization", "Bearer " + ADMIN_KEY)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"jti\":\"" + jti + "\"}"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .sslContext(io.github.bmcgateway.testing.Tls.trustingAny())
            .build()
            .send(request, HttpResponse.BodyHandlers.ofString());
    assertTrue(answer.statusCode() < 300, answer.body());
  }
}
