package io.github.bmcgateway.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.bmcgateway.testing.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Settings of any content: they are read, or refused in lines without a secret. */
@Fuzz
class ConfigLoaderFuzzTest {
  /** Too weak, so that something is said of it. */
  private static final String WEAK = "hunter2hunter2";

  @TempDir private Path folder;

  @FuzzTest(maxDuration = "1m")
  void settingsAreReadOrRefusedWithoutTheirSecrets(byte[] yaml) throws Exception {
    String text = new String(yaml, ISO_8859_1);
    if (text.contains(TestKeys.FIRST) || text.contains(WEAK)) {
      return; // The names of unknown keys are shown; Jazzer finds out that one may be named so.
    }
    Files.write(folder.resolve(SettingsFile.NAME), yaml);
    check(TestKeys.FIRST);
    check(WEAK);
  }

  private void check(String key) {
    Map<String, String> environment =
        Map.of("JWT_KEY", key, ConfigLoader.FOLDER, folder.toString());
    try {
      GatewayConfig config =
          new ConfigLoader(name -> Optional.ofNullable(environment.get(name))).load();
      assertFalse(config.toString().contains(key));
    } catch (ConfigException e) {
      for (String problem : e.problems()) {
        assertFalse(problem.contains(key), problem);
        assertEquals(1, problem.lines().count(), problem);
      }
      assertFalse(String.valueOf(e.getMessage()).contains(key));
    }
  }
}
