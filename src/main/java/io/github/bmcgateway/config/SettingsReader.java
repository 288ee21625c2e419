package io.github.bmcgateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what was written into values. A text that is refused goes to the problems and the default
 * takes its place, so that one run finds everything that is wrong.
 */
final class SettingsReader {
  /** Understands one text. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(String text) throws BadValueException;
  }

  /** Understands one entry with keys. */
  @FunctionalInterface
  interface EntryParser<T> {
    T parse(Map<String, String> entry) throws BadValueException;
  }

  private final SettingsSource source;
  private final Problems problems;

  SettingsReader(SettingsSource source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /** The value of a setting whose default is a value. */
  <T> T value(Setting setting, Parser<T> parser) {
    return optional(setting, parser).orElseGet(() -> parseDefault(setting, parser));
  }

  /** The value of a setting whose default is a word. */
  <T> Optional<T> optional(Setting setting, Parser<T> parser) {
    return source.find(setting).flatMap(given -> parse(setting, given, given.text(), "", parser));
  }

  /** The entries of a setting whose default is a word; none when it isn't set. */
  <T> List<T> list(Setting setting, Parser<T> parser) {
    List<T> values = new ArrayList<>();
    source
        .find(setting)
        .ifPresent(
            given -> {
              for (int index = 0; index < given.items().size(); index++) {
                parseItem(setting, given, index, parser).ifPresent(values::add);
              }
            });
    return List.copyOf(values);
  }

  /** The entries of a setting whose default is a list, at least one. */
  <T> List<T> listOrDefault(Setting setting, Parser<T> parser) {
    Optional<SettingText> given = source.find(setting);
    if (given.isPresent() && given.get().items().isEmpty()) {
      problems.refuse(setting, given.get(), "the list is empty");
    }
    List<T> values = list(setting, parser);
    if (!values.isEmpty()) {
      return values;
    }
    return SettingText.ofScalar("default", setting.defaultText()).items().stream()
        .map(item -> parseDefaultItem(setting, item, parser))
        .toList();
  }

  /** The entries of a setting that is a table; none when it isn't set. */
  <T> List<T> table(Setting setting, EntryParser<T> parser) {
    List<T> values = new ArrayList<>();
    source.find(setting).ifPresent(given -> values.addAll(parseTable(setting, given, parser)));
    return List.copyOf(values);
  }

  /** Refuses what was written for a setting, for a reason that no single entry tells. */
  void refuse(Setting setting, String why) {
    source.find(setting).ifPresent(given -> problems.refuse(setting, given, why));
  }

  /** Demands a setting that nobody has written, for a reason that another setting gives. */
  void demand(Setting setting, String why) {
    problems.add("%s: %s. Accepted: %s.".formatted(setting.label(), why, setting.accepted()));
  }

  private <T> List<T> parseTable(Setting setting, SettingText given, EntryParser<T> parser) {
    List<T> values = new ArrayList<>();
    int count = given.table().size();
    if (count < given.items().size()) {
      problems.refuse(setting, given, "not a list of entries");
    }
    for (int index = 0; index < count; index++) {
      try {
        values.add(parser.parse(given.table().get(index)));
      } catch (BadValueException e) {
        problems.refuse(setting, given, entry(index, count) + e.why());
      }
    }
    return values;
  }

  private static String entry(int index, int count) {
    return count == 1 ? "" : "entry %d of %d: ".formatted(index + 1, count);
  }

  private <T> Optional<T> parseItem(
      Setting setting, SettingText given, int index, Parser<T> parser) {
    String entry = entry(index, given.items().size());
    return parse(setting, given, given.items().get(index), entry, parser);
  }

  private <T> Optional<T> parse(
      Setting setting, SettingText given, String text, String entry, Parser<T> parser) {
    try {
      if (text.isEmpty()) {
        throw new BadValueException("empty");
      }
      return Optional.of(parser.parse(text));
    } catch (BadValueException e) {
      problems.refuse(setting, given, entry + e.why());
      return Optional.empty();
    }
  }

  private static <T> T parseDefault(Setting setting, Parser<T> parser) {
    return parseDefaultItem(setting, setting.defaultText(), parser);
  }

  private static <T> T parseDefaultItem(Setting setting, String text, Parser<T> parser) {
    try {
      return parser.parse(text);
    } catch (BadValueException e) {
      throw new IllegalStateException("The default of " + setting.label() + " is refused", e);
    }
  }
}
