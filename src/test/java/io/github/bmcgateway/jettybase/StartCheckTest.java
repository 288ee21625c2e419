package io.github.bmcgateway.jettybase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCheckTest {
  @TempDir Path folder;
  private Path certificate;
  private Path key;

  @BeforeEach
  void write() throws Exception {
    var pair = TestCertificates.localhost();
    certificate = Files.writeString(folder.resolve("chain"), TestCertificates.chainPem(pair));
    key = Files.writeString(folder.resolve("key"), TestCertificates.keyPem(pair));
  }

  private String problem(String host, String port) {
    String line = StartCheck.problem(host, port, certificate, key).orElseThrow();
    assertEquals(1, line.lines().count(), line);
    return line;
  }

  @Test
  void nothingIsSaidOfWhatWillStart() {
    assertEquals(Optional.empty(), StartCheck.problem("127.0.0.1", "0", certificate, key));
  }

  @Test
  void aKeyOfAnotherCertificateIsNamed() throws Exception {
    Files.writeString(key, TestCertificates.keyPem(TestCertificates.localhost()));
    assertTrue(problem("127.0.0.1", "0").contains("is not that of the first certificate"));
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    Files.delete(key);
    assertEquals(
        "CERT_PATH, KEY_PATH: there is no file " + key.toAbsolutePath(), problem("127.0.0.1", "0"));
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(other.getLocalPort());
      assertTrue(problem("127.0.0.1", port).startsWith("LISTEN: can't listen at 127.0.0.1 port"));
    }
  }
}
