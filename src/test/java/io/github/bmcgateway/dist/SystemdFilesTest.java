package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit and its companions, by systemd's own programs where they are installed. */
class SystemdFilesTest {
  private static final Path FILES = Path.of("jetty-base/systemd");
  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

  @TempDir Path folder;

  @Test
  void systemdTakesTheUnit() throws Exception {
    assumeTrue(Files.isExecutable(ANALYZE), "systemd is not installed: unit not verified");
    Path unit = folder.resolve("bmc-gateway.service");
    // It looks for what the unit starts, which isn't installed here.
    Files.writeString(
        unit,
        unit()
            .replaceAll("(?m)^ExecStart=.*", "ExecStart=/bin/true")
            .replaceAll("(?m)^WorkingDirectory=.*", "WorkingDirectory=/"));
    assertEquals("", run(ANALYZE.toString(), "verify", unit.toString()));
  }

  @Test
  void systemdTakesTheUser() throws Exception {
    Path sysusers = Path.of("/usr/bin/systemd-sysusers");
    assumeTrue(Files.isExecutable(sysusers), "systemd is not installed: user not verified");
    String output =
        run(
            sysusers.toString(),
            "--dry-run",
            FILES.resolve("bmc-gateway.sysusers.conf").toAbsolutePath().toString());
    assertTrue(output.contains("bmc-gateway"), output);
  }

  @Test
  void foldersAreNoneOfOthers() throws IOException {
    List<String> folders =
        Files.readAllLines(FILES.resolve("bmc-gateway.tmpfiles.conf")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertEquals(3, folders.size());
    for (String line : folders) {
      assertTrue(line.matches("d /\\S+ 07[05]0 (root|bmc-gateway) bmc-gateway -"), line);
    }
  }

  @Test
  void theUnitRunsAsItsOwnUserAndStopsAsTheScriptDoes() throws IOException {
    for (String line :
        List.of(
            "User=bmc-gateway",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
            "SuccessExitStatus=143",
            "RestartPreventExitStatus=2",
            "ExecStart=/opt/bmc-gateway/bin/bmc-gateway")) {
      assertTrue(unit().lines().anyMatch(line::equals), line);
    }
  }

  private static String unit() throws IOException {
    return Files.readString(FILES.resolve("bmc-gateway.service"));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
