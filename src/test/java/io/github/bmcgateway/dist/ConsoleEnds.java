package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.console.FakeBmc;
import io.github.bmcgateway.console.Wire;
import io.github.bmcgateway.testing.Promptly;
import io.github.bmcgateway.testing.Tokens;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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

    /** Both ends are told; how long after the moment. */
    Duration ends(Instant moment) throws Exception {
      assertEquals(4401, near.skipTo(Wire.CLOSE).closeCode());
      near.close(4401, "");
      assertEquals(1000, far.skipTo(Wire.CLOSE).closeCode());
      far.close(1000, "");
      Duration since = Duration.between(moment, Instant.now());
      assertTrue(near.isEnded() && far.isEnded());
      return since;
    }
  }

  void atExpiryAtLogoutAndAtRevocation() throws Exception {
    Instant before = Instant.now();
    Open expiring = new Open(LIFE_SECONDS);
    // Tokens expire at a whole second.
    Instant expiry = Instant.ofEpochSecond(before.getEpochSecond() + LIFE_SECONDS);
    Duration since = expiring.ends(expiry.plusSeconds(1));
    assertTrue(since.compareTo(WITHIN) < 0, "after " + since);
    assertTrue(Instant.now().isAfter(expiry.minusMillis(50)));
    Promptly.assertWithin(WITHIN, this::atLogout);
    Promptly.assertWithin(WITHIN, this::atRevocation);
  }

  private Duration atLogout() throws Exception {
    Open left = new Open(600);
    Instant logout = Instant.now();
    Map<String, String> cookie = Map.of("Cookie", "pm-session=" + left.token);
    assertTrue(browser.send("POST", "/.gateway/logout", cookie).statusCode() < 400);
    return left.ends(logout);
  }

  private Duration atRevocation() throws Exception {
    Open revoked = new Open(600);
    Instant revocation = Instant.now();
    revoke(revoked.jti);
    return revoked.ends(revocation);
  }

  private void revoke(String jti) throws Exception {
    Map<String, String> headers =
        Map.of("Authorization", "Bearer " + ADMIN_KEY, "Content-Type", "application/json");
    byte[] body = ("{\"jti\":\"" + jti + "\"}").getBytes(StandardCharsets.UTF_8);
    HttpResponse<byte[]> answer = browser.post("/.gateway/admin/revocations", headers, body);
    assertTrue(answer.statusCode() < 300, () -> Customer.text(answer));
  }
}
