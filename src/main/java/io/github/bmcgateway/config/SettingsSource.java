package io.github.bmcgateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was written for each setting: by environment variable, by the file that {@code NAME_FILE}
 * names, or in {@code gateway.yaml}, in this order.
 */
final class SettingsSource {
  static final int MAX_SECRET_BYTES = 1 << 16;

  private final Function<String, Optional<String>> lookup;
  private final Map<Setting, SettingText> file;
  private final Problems problems;

  SettingsSource(
      Function<String, Optional<String>> lookup,
      Map<Setting, SettingText> file,
      Problems problems) {
    this.lookup = lookup;
    this.file = file;
    this.problems = problems;
  }

  /** What was written for the setting; empty when nothing was, or just its default. */
  Optional<SettingText> find(Setting setting) {
    return setting
        .environment()
        .flatMap(name -> fromEnvironment(setting, name))
        .or(() -> Optional.ofNullable(file.get(setting)))
        .filter(given -> !given.text().equals(setting.defaultText()));
  }

  /** The variable that names a file with the value of a secret's own variable. */
  static String fileVariable(String name) {
    return name + "_FILE";
  }

  private Optional<SettingText> fromEnvironment(Setting setting, String name) {
    Optional<SettingText> direct =
        lookup.apply(name).map(text -> SettingText.ofScalar("environment variable " + name, text));
    if (!setting.isSecret()) {
      return direct;
    }
    String fileName = fileVariable(name);
    Optional<String> path = lookup.apply(fileName);
    if (path.isPresent() && direct.isPresent()) {
      problems.add(
          "%s: both %s and %s are set; keep one of them."
              .formatted(setting.label(), name, fileName));
    }
    return direct.or(() -> path.map(value -> readSecret(setting, fileName, value)));
  }

  private SettingText readSecret(Setting setting, String fileName, String path) {
    try {
      Path secret = Path.of(path);
      if (Files.size(secret) <= MAX_SECRET_BYTES) {
        return SettingText.ofScalar("file of " + fileName, Files.readString(secret));
      }
      problems.add(
          "%s: the file of %s, \"%s\", is longer than 64 KiB."
              .formatted(setting.label(), fileName, Problems.shown(path)));
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          "%s: the file of %s, \"%s\", can't be read as UTF-8 text."
              .formatted(setting.label(), fileName, Problems.shown(path)));
    }
    return SettingText.ofScalar("file of " + fileName, setting.defaultText());
  }
}
