package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.TestKeys;
import io.github.bmcgateway.token.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of {@code gateway.yaml} under the running Jetty base. */
class ReloadIT {
  @TempDir Path folder;

  @Test
  void rotatesAKeyAndKeepsItWhenTheNextChangeIsBad() throws Exception {
    Path config = Files.createDirectory(folder.resolve("config"));
    write(config, TestKeys.FIRST);
    try (JettyBase base =
        JettyBase.unpack(folder, Map.of("BMC_GATEWAY_CONFIG", config.toString()))) {
      base.start();
      Browser browser = base.browser();
      assertEquals(302, follow(browser, TestKeys.FIRST));

      write(config, TestKeys.SECOND);
      base.process().await("the new key", () -> follow(browser, TestKeys.SECOND) == 302);
      assertEquals(401, follow(browser, TestKeys.FIRST));

      write(config, "PLANTED-SECRET");
      base.process()
          .await("refusal", () -> base.process().output().contains("the old ones stay in force"));
      assertEquals(302, follow(browser, TestKeys.SECOND));
      assertEquals(200, browser.get("/.gateway/ready", Map.of()).statusCode());
      assertTrue(base.process().output().contains("Changed settings are in force"));
      assertFalse(base.process().output().contains("PLANTED"), base.process()::output);
    }
  }

  private static void write(Path config, String key) throws IOException {
    Files.writeString(
        config.resolve("gateway.yaml"),
        "token:\n  key: " + key + "\nlimits:\n  linksPerMinute: 100000\n");
  }

  private static int follow(Browser browser, String key) {
    String token = TestTokens.token("10.0.0.5", Instant.now().plusSeconds(600)).key(key).build();
    try {
      return browser.get("/gpsession?token=" + token, Map.of()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
