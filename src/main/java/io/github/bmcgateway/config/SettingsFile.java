package io.github.bmcgateway.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code gateway.yaml} event by event, so that each text stays as it was written ({@code 010}
 * isn't 8, {@code 1_0} isn't 10) and its line is known. What YAML offers beyond sections, lists and
 * texts is refused: repeated keys, aliases, a second document. Used once.
 */
final class SettingsFile {
  static final String NAME = "gateway.yaml";

  private static final int MAX_BYTES = 1 << 20;
  private static final String STRUCTURE = "{...}";

  private final Problems problems;
  private final YAMLParser yaml;
  private final Set<String> seen = new HashSet<>();
  private final Map<Setting, SettingText> texts = new EnumMap<>(Setting.class);

  private SettingsFile(YAMLParser yaml, Problems problems) {
    this.yaml = yaml;
    this.problems = problems;
  }

  /** What the folder's {@code gateway.yaml} sets; what is wrong with it goes to the problems. */
  static Map<Setting, SettingText> read(String folder, Problems problems) {
    Optional<byte[]> content = content(folder, problems);
    if (content.isEmpty()) {
      return Map.of();
    }
    try (YAMLParser yaml = new YAMLFactory().createParser(content.get())) {
      SettingsFile file = new SettingsFile(yaml, problems);
      file.readDocument();
      return file.texts;
    } catch (JsonProcessingException e) {
      // The parser's own message quotes the line, and with it perhaps a secret.
      problems.add(
          NAME + place(e.getLocation()) + ": not valid YAML; look at indentation and quotes.");
    } catch (IOException e) {
      problems.add(NAME + ": not valid UTF-8.");
    }
    return Map.of();
  }

  private static Optional<byte[]> content(String folder, Problems problems) {
    try {
      Path file = Path.of(folder).resolve(NAME);
      if (Files.size(file) > MAX_BYTES) {
        problems.add(file + ": longer than 1 MiB.");
        return Optional.empty();
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          "%s: \"%s\" is refused: it holds no readable %s. Accepted: a folder with that file; unset it to configure by environment alone."
              .formatted(ConfigLoader.FOLDER, Problems.shown(folder), NAME));
      return Optional.empty();
    }
  }

  private void readDocument() throws IOException {
    JsonToken root = yaml.nextToken();
    if (root == JsonToken.START_OBJECT) {
      readSection("");
    } else if (root != null && root != JsonToken.VALUE_NULL) {
      problems.add(NAME + place() + ": must hold sections such as token: or bmc:.");
      return;
    }
    if (yaml.nextToken() != null) {
      problems.add(NAME + place() + ": must hold one document only.");
    }
  }

  private void readSection(String prefix) throws IOException {
    while (yaml.nextToken() == JsonToken.FIELD_NAME) {
      String key = prefix + yaml.currentName();
      String origin = NAME + place();
      boolean repeated = !seen.add(key);
      JsonToken value = yaml.nextToken();
      Optional<Setting> setting = Setting.ofKey(key);
      if (repeated) {
        refuseKey(key, origin, "is there twice");
      } else if (setting.isPresent()) {
        readSetting(setting.get(), origin);
      } else if (!Setting.isSection(key)) {
        refuseKey(key, origin, "is unknown; the keys are in the settings reference");
      } else if (value == JsonToken.START_OBJECT) {
        readSection(key + ".");
      } else if (value != JsonToken.VALUE_NULL) {
        refuseKey(key, origin, "must be a section");
      }
    }
  }

  private void refuseKey(String key, String origin, String why) throws IOException {
    problems.add("%s (%s): this key %s.".formatted(Problems.shown(key), origin, why));
    yaml.skipChildren();
  }

  private void readSetting(Setting setting, String origin) throws IOException {
    JsonToken token = yaml.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      problems.refuse(setting, SettingText.ofScalar(origin, ""), "there is no value");
    } else if (token == JsonToken.START_ARRAY && setting.isTable()) {
      texts.put(setting, SettingText.ofTable(origin, readTable(setting)));
    } else if (token == JsonToken.START_ARRAY) {
      texts.put(setting, SettingText.ofList(origin, readItems(setting)));
    } else {
      texts.put(setting, SettingText.ofScalar(origin, readScalar(setting)));
    }
  }

  private List<String> readItems(Setting setting) throws IOException {
    List<String> items = new ArrayList<>();
    while (yaml.nextToken() != JsonToken.END_ARRAY) {
      items.add(readScalar(setting));
    }
    return items;
  }

  private List<Map<String, String>> readTable(Setting setting) throws IOException {
    List<Map<String, String>> table = new ArrayList<>();
    while (yaml.nextToken() != JsonToken.END_ARRAY) {
      table.add(
          yaml.currentToken() == JsonToken.START_OBJECT
              ? readEntry(setting)
              : Map.of(readScalar(setting), ""));
    }
    return table;
  }

  private Map<String, String> readEntry(Setting setting) throws IOException {
    Map<String, String> entry = new LinkedHashMap<>();
    while (yaml.nextToken() == JsonToken.FIELD_NAME) {
      String key = yaml.currentName();
      String origin = NAME + place();
      String value = yaml.nextToken() == JsonToken.VALUE_NULL ? "" : readScalar(setting);
      if (entry.put(key, value) != null) {
        problems.add(
            "%s (%s): the key %s is there twice in one entry."
                .formatted(setting.label(), origin, Problems.shown(key)));
      }
    }
    return entry;
  }

  private String readScalar(Setting setting) throws IOException {
    if (yaml.isCurrentAlias()) {
      problems.add(
          "%s (%s): YAML aliases are not supported.".formatted(setting.label(), NAME + place()));
    }
    boolean structure = yaml.currentToken().isStructStart();
    yaml.skipChildren();
    return structure || yaml.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT
        ? STRUCTURE
        : yaml.getText();
  }

  private String place() {
    return place(yaml.currentTokenLocation());
  }

  private static String place(JsonLocation location) {
    return location.getLineNr() < 1 ? "" : ", line " + location.getLineNr();
  }
}
