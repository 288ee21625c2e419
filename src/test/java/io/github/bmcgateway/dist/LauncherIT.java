package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How {@code bin/bmc-gateway} starts and ends, and what it refuses to start with. */
class LauncherIT {

  private static final Duration SHORT = Duration.ofSeconds(15);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JETTY_HOME | /nowhere         | holds no start.jar",
        "LISTEN     | 8443             | is not host:port",
        "LISTEN     | ::1:8443         | in brackets",
        "LISTEN     | 127.0.0.1:70000  | from 1 to 65535",
        "LISTEN     | 127.0.0.1:https  | from 1 to 65535",
        "CERT_PATH  | missing.crt      | missing.crt",
        "KEY_PATH   | missing.key      | missing.key",
        "KEY_PATH   | origin.crt       | holds no private key",
      })
  void refusesToStartAndSaysWhy(String name, String value, String message) throws Exception {
    try (JettyBase base = JettyBase.unpack(folder, Map.of(name, value))) {
      base.launch();

      assertNotEquals(0, base.process().awaitExit(SHORT));
      assertTrue(base.process().output().contains(message), base.process()::output);
    }
  }

  @Test
  void findsCertificateAndKeyWhereTheyAreNamed() throws Exception {
    Path pair = Files.createDirectory(folder.resolve("pair with space"));
    try (JettyBase base =
        JettyBase.unpack(
            Files.createDirectory(folder.resolve("base")),
            Map.of(
                "CERT_PATH", pair.resolve("chain.pem").toString(),
                "KEY_PATH", pair.resolve("key.pem").toString()))) {
      Files.move(base.folder().resolve("origin.crt"), pair.resolve("chain.pem"));
      Files.move(base.folder().resolve("origin.key"), pair.resolve("key.pem"));

      base.start();
    }
  }

  @Test
  void endsWithin15SecondsOfSigterm() throws Exception {
    try (JettyBase base = JettyBase.unpack(folder, Map.of())) {
      base.start();

      base.process().terminate();

      assertEquals(128 + 15, base.process().awaitExit(SHORT));
    }
  }
}
