package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.bmcgateway.entry.GatewayContextListener;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.token.TestJwks;
import io.github.bmcgateway.token.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The keys of the settings in the running gateway: rotation, and what readiness says of them. */
final class TokenKeysTest {
  private static final int PORT = 443;
  private static final TestJwks OLD = TestJwks.key("old");
  private static final TestJwks NEW = TestJwks.key("new");

  @TempDir private Path folder;

  @Test
  void aSetIsRotatedWhileTheGatewayRuns() throws Exception {
    Path set = Files.writeString(folder.resolve("jwks.json"), TestJwks.set(OLD));
    TestTokens token = TestTokens.token("127.0.0.1", Instant.now().plusSeconds(600));
    try (GatewayFixture gateway = GatewayFixture.builder(PORT).token("jwks: " + set).start()) {
      assertEquals(302, follow(gateway, OLD.sign(token)));
      assertEquals(302, follow(gateway, Tokens.mint(PORT, "generic")));
      assertEquals(401, follow(gateway, NEW.sign(token)));
      Files.writeString(set, TestJwks.set(NEW));
      Eventually.holds("the new key opens", () -> follow(gateway, NEW.sign(token)) == 302);
      assertEquals(401, follow(gateway, OLD.sign(token)));
      assertEquals(200, get(gateway, "/.gateway/ready").status());
    }
  }

  @Test
  void aServerThatIsOutIsNamedByReadinessAndStopsNothingElse() throws Exception {
    try (ServerSocket silent = new ServerSocket(0);
        GatewayFixture gateway =
            GatewayFixture.builder(PORT)
                .token("jwks: https://localhost:" + silent.getLocalPort() + "/PLANTED")
                .start()) {
      RawClient.Answer ready = get(gateway, "/.gateway/ready");
      assertEquals(503, ready.status());
      assertTrue(ready.text().contains("token.jwks: the keys could not be fetched"), ready.text());
      assertTrue(!ready.text().contains("PLANTED"), ready.text());
      assertEquals(302, follow(gateway, Tokens.mint(PORT, "generic")));
    }
  }

  @Test
  void aSetThatCannotBeUsedStopsTheStartWithOneLine() throws Exception {
    Path set = Files.writeString(folder.resolve("jwks.json"), "{\"keys\":[{\"kty\":\"oct\"}]}");
    Logger logger = (Logger) LoggerFactory.getLogger(GatewayContextListener.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      GatewayFixture.Builder builder = GatewayFixture.builder(PORT).token("jwks: " + set);
      assertThrows(Exception.class, builder::start);
    } finally {
      logger.detachAppender(log);
    }
    assertEquals(1, log.list.size());
    assertTrue(log.list.get(0).getFormattedMessage().startsWith("token.jwks: the file " + set));
  }

  private static int follow(GatewayFixture gateway, String token) {
    return get(gateway, "/gpsession?token=" + token).status();
  }

  private static RawClient.Answer get(GatewayFixture gateway, String target) {
    try (RawClient client = new RawClient(gateway.port())) {
      return client.get(target, "Connection: close\r\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
