package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.ReservedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How {@code bin/bmc-gateway} starts and ends, and what it refuses to start with. */
class StartAndStopIT {

  private static final Duration SHORT = Duration.ofSeconds(15);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JETTY_HOME   | /nowhere        | holds no start.jar",
        "JWT_KEY      | secret          | token.key",
        "LISTEN       | 8443            | LISTEN: \"8443\"",
        "LISTEN       | ::1:8443        | LISTEN: \"::1:8443\"",
        "LISTEN       | localhost       | LISTEN: \"localhost\"",
        "LISTEN       | 127.0.0.1:https | LISTEN: \"127.0.0.1:https\"",
        "LISTEN       | 0.0.0.0:9999999 | LISTEN: \"0.0.0.0:9999999\"",
        "LISTEN       | '0.0.0.0: '     | LISTEN: \"0.0.0.0: \"",
        "LISTEN       | 0.0.0.0:84 43   | LISTEN: \"0.0.0.0:84 43\"",
        "LISTEN       | ''              | LISTEN: \"\"",
        "CERT_PATH    | ''              | CERT_PATH: \"\"",
        "CERT_PATH    | missing.crt     | CERT_PATH: \"missing.crt\"",
        "KEY_PATH     | missing.key     | KEY_PATH: \"missing.key\"",
      })
  void refusesToStartAndSaysWhy(String name, String value, String message) throws Exception {
    try (JettyBase base = JettyBase.unpack(folder, Map.of(name, value))) {
      base.launch();

      assertNotEquals(0, base.process().awaitExit(ServerProcess.PATIENCE));
      assertTrue(base.process().output().contains(message), base.process()::output);
      assertIsOneLine(base.process().output());
    }
  }

  @Test
  void neitherListensNorLeavesAnythingWhenItRefusesToStart() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    try (ReservedPort port = new ReservedPort();
        JettyBase base =
            JettyBase.unpack(
                folder,
                Map.of(
                    "BMC_NETWORKS", "everywhere",
                    "LISTEN", "127.0.0.1:" + port.port(),
                    "JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary))) {
      base.launch();

      while (base.process().isAlive()) {
        assertFalse(listens("127.0.0.1", port.port()));
      }
      assertEquals(2, base.process().awaitExit(ServerProcess.PATIENCE));
      assertTrue(base.process().output().contains("bmc.networks"), base.process()::output);
      assertIsOneLine(base.process().output());
      try (Stream<Path> left = Files.list(temporary)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void refusesToStartWithAKeyThatIsNotTheCertificates() throws Exception {
    try (JettyBase base = JettyBase.unpack(folder, Map.of())) {
      Files.writeString(
          base.folder().resolve("origin.key"),
          TestCertificates.keyPem(TestCertificates.localhost()));
      base.launch();

      assertNotEquals(0, base.process().awaitExit(ServerProcess.PATIENCE));
      assertTrue(
          base.process().output().contains("is not that of the first certificate"),
          base.process()::output);
      assertIsOneLine(base.process().output());
    }
  }

  @Test
  void refusesToStartWhereSomebodyElseListens() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        JettyBase base =
            JettyBase.unpack(folder, Map.of("LISTEN", "127.0.0.1:" + other.getLocalPort()))) {
      base.launch();

      assertEquals(2, base.process().awaitExit(ServerProcess.PATIENCE));
      assertTrue(
          base.process().output().startsWith("bmc-gateway: LISTEN: can't listen at 127.0.0.1"),
          base.process()::output);
      assertIsOneLine(base.process().output());
    }
  }

  /** Below a heading there is a line for each setting that is wrong. */
  private static void assertIsOneLine(String output) {
    assertEquals(
        1,
        output.lines().filter(line -> !line.equals("configuration is refused:")).count(),
        output);
  }

  @Test
  void listensOnIpv6() throws Exception {
    try (ReservedPort port = new ReservedPort();
        JettyBase base = JettyBase.unpack(folder, Map.of("LISTEN", "[::1]:" + port.port()))) {
      base.launch();

      base.process().await("listener on ::1", () -> listens("::1", port.port()));
    }
  }

  private static boolean listens(String address, int port) {
    try (Socket socket = new Socket(InetAddress.getByName(address), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
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
