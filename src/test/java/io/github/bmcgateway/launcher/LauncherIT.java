package io.github.bmcgateway.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import io.github.bmcgateway.config.TestKeys;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the packaged WAR as users do: {@code java -jar}. */
final class LauncherIT {
  private static final Path WAR = Path.of("target", "bmc-gateway.war").toAbsolutePath();
  private static final int LIMIT_SECONDS = 60;

  @TempDir Path folder;

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> left = Files.list(temporary())) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aTokenIsPrintedAndNothingElse() throws Exception {
    Result result = run(Map.of("JWT_KEY", TestKeys.FIRST), "token", "--ip", "10.0.0.5");
    assertEquals("", result.err());
    assertEquals(0, result.exit());
    SignedJWT token = SignedJWT.parse(result.out().stripTrailing());
    assertTrue(token.verify(new MACVerifier(TestKeys.FIRST.getBytes(StandardCharsets.UTF_8))));
    assertEquals("10.0.0.5", token.getJWTClaimsSet().getStringClaim("ip"));
  }

  @Test
  void goodSettingsAreConfirmed() throws Exception {
    Map<String, String> settings =
        Map.of(
            "JWT_KEY", TestKeys.FIRST, "BMC_GATEWAY_CONFIG", Path.of("webapp-config").toString());
    Result result = run(settings, "check-config");
    assertEquals("", result.err());
    assertTrue(result.out().startsWith("configuration is good"), result.out());
    assertEquals(0, result.exit());
  }

  @Test
  void badSettingsAreExplained() throws Exception {
    Result result = run(Map.of("BMC_PORTS", "all"), "check-config");
    assertEquals("", result.out());
    assertTrue(result.err().contains("bmc.ports: \"all\""), result.err());
    assertTrue(result.err().contains("token.key: required"), result.err());
    assertEquals(1, result.exit());
  }

  @Test
  void aWrongCallIsExplained() throws Exception {
    assertEquals(2, run(Map.of()).exit());
  }

  @Test
  void theLauncherLiesAtTheRootOnly() throws IOException {
    String path = "io/github/bmcgateway/launcher/Main.class";
    try (ZipFile war = new ZipFile(WAR.toFile())) {
      assertEquals(
          List.of(path),
          war.stream()
              .map(Object::toString)
              .filter(name -> name.endsWith("launcher/Main.class"))
              .toList());
    }
  }

  private record Result(int exit, String out, String err) {}

  private Result run(Map<String, String> settings, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary(),
                "-jar",
                WAR.toString()));
    command.addAll(List.of(arguments));
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
    builder.environment().clear();
    builder.environment().putAll(settings);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "still running");
      return new Result(
          process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
    } finally {
      process.destroyForcibly();
    }
  }

  private Path temporary() throws IOException {
    return Files.createDirectories(folder.resolve("temporary"));
  }
}
