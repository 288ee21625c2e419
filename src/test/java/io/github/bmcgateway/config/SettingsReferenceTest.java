package io.github.bmcgateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the settings reference and the annotated example against the table in the code. */
final class SettingsReferenceTest {
  private static final Path REFERENCE = Path.of("src/docs/settings.md");
  private static final Path EXAMPLE = Path.of("webapp-config/gateway.yaml");
  private static final Map<Setting.Reader, String> HEADINGS =
      Map.of(
          Setting.Reader.GATEWAY, "## Settings of this version",
          Setting.Reader.JETTY_BASE, "## Of the Jetty base only");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Setting.Reader.class)
  void theReferenceHoldsTheTable(Setting.Reader reader) throws IOException {
    List<String> expected =
        Arrays.stream(Setting.values())
            .filter(setting -> setting.reader() == reader)
            .map(SettingsReferenceTest::row)
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", rowsBelow(HEADINGS.get(reader))));
  }

  @Test
  void theReferenceHoldsNoOtherTable() throws IOException {
    assertEquals(
        Setting.values().length,
        Files.readAllLines(REFERENCE).stream().filter(SettingsReferenceTest::isRow).count());
  }

  @Test
  void theReferenceNamesWhatOnlyARestartChanges() throws IOException {
    List<String> named =
        below("## Changing settings while it runs").stream()
            .filter(line -> line.startsWith("* `") && line.contains("`: "))
            .map(line -> line.substring(3, line.indexOf("`: ")))
            .toList();
    assertEquals(
        Arrays.stream(Setting.values()).filter(Setting::isFixed).map(Setting::label).toList(),
        named);
  }

  @Test
  void theExampleNamesEverySettingWithItsDefault() throws Exception {
    Files.writeString(folder.resolve(SettingsFile.NAME), uncommented());
    Problems problems = new Problems();
    Map<Setting, SettingText> given = SettingsFile.read(folder.toString(), problems);
    assertEquals(List.of(), problems.messages());
    for (Setting setting : Setting.values()) {
      Optional<String> expected = setting.key().map(key -> withoutBlanks(setting.defaultText()));
      Optional<String> actual =
          Optional.ofNullable(given.get(setting)).map(text -> withoutBlanks(text.text()));
      assertEquals(expected, actual, setting.label());
    }
  }

  @Test
  void theExampleLoadsAsItIsAndWithEveryDefaultUncommented() throws Exception {
    GatewayConfig defaults = load(Optional.empty());
    Path example = Files.createDirectories(folder.resolve("example"));
    Files.copy(EXAMPLE, example.resolve(SettingsFile.NAME));
    assertEquals(defaults, load(Optional.of(example)));
    Files.writeString(folder.resolve(SettingsFile.NAME), uncommented());
    assertEquals(defaults, load(Optional.of(folder)));
  }

  /** In the example, a setting stands right behind its {@code #}, prose behind a blank. */
  private static String uncommented() throws IOException {
    return Files.readString(EXAMPLE).replaceAll("(?m)^( *)#(?=[a-zA-Z])", "$1");
  }

  private static String withoutBlanks(String text) {
    return text.replace(" ", "");
  }

  private static GatewayConfig load(Optional<Path> config) throws ConfigException {
    return new ConfigLoader(
            name ->
                switch (name) {
                  case "JWT_KEY" -> Optional.of(TestKeys.FIRST);
                  case ConfigLoader.FOLDER -> config.map(Path::toString);
                  default -> Optional.empty();
                })
        .load();
  }

  private static List<String> rowsBelow(String heading) throws IOException {
    return below(heading).stream().filter(SettingsReferenceTest::isRow).toList();
  }

  private static List<String> below(String heading) throws IOException {
    List<String> lines = new ArrayList<>();
    String current = "";
    for (String line : Files.readAllLines(REFERENCE)) {
      if (line.startsWith("#")) {
        current = line;
      } else if (current.equals(heading)) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static boolean isRow(String line) {
    return line.startsWith("| `") || line.startsWith("| – | `");
  }

  private static String row(Setting setting) {
    return "| %s | %s | `%s` | %s | %s |"
        .formatted(
            code(setting.key()),
            code(setting.environment()),
            setting.defaultText(),
            setting.accepted().replace("|", "\\|"),
            setting.meaning().replace("|", "\\|"));
  }

  private static String code(Optional<String> name) {
    return name.map(text -> "`" + text + "`").orElse("–");
  }
}
