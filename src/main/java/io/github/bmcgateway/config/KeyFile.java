package io.github.bmcgateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file with the HS256 secrets, as {@code JWT_KEY_FILE} names it; its content may change while
 * the gateway runs.
 */
public record KeyFile(Path path) {
  /** Longest content in bytes. */
  public static final int MAX_BYTES = SettingsSource.MAX_SECRET_BYTES;

  private static final String ORIGIN = "file of JWT_KEY_FILE";

  /**
   * The secrets of a content of the file, held to the same rules as at the start.
   *
   * @throws ConfigException when one is weak, or there is none; no message holds any of it
   */
  public static List<Secret> parse(String content) throws ConfigException {
    Problems problems = new Problems();
    Map<Setting, SettingText> given =
        Map.of(Setting.TOKEN_KEY, SettingText.ofScalar(ORIGIN, content));
    SettingsReader reader =
        new SettingsReader(new SettingsSource(name -> Optional.empty(), given, problems), problems);
    List<Secret> secrets = reader.list(Setting.TOKEN_KEY, Parsers::key);
    if (secrets.isEmpty() && problems.messages().isEmpty()) {
      problems.add(Setting.TOKEN_KEY.label() + ": there is no key in the " + ORIGIN + ".");
    }
    if (!problems.messages().isEmpty()) {
      throw new ConfigException(problems.messages());
    }
    return secrets;
  }
}
