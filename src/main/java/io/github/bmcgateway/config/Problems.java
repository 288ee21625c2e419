package io.github.bmcgateway.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects and words what is wrong with the settings. Not safe for use by several threads. */
final class Problems {
  private static final int MAX_SHOWN_CHARS = 100;

  private final Set<String> messages = new LinkedHashSet<>();

  /** Something that concerns no single value. */
  void add(String message) {
    messages.add(message);
  }

  /** A value is refused. */
  void refuse(Setting setting, SettingText given, String why) {
    String value = setting.isShown() ? '"' + shown(given.text()) + '"' : "the value";
    messages.add(
        "%s: %s (%s) is refused: %s. Accepted: %s."
            .formatted(setting.label(), value, given.origin(), why, setting.accepted()));
  }

  /** Whether something was said about the setting. */
  boolean concern(Setting setting) {
    return messages.stream().anyMatch(message -> message.startsWith(setting.label() + ":"));
  }

  List<String> messages() {
    return List.copyOf(messages);
  }

  /** A text in a form that fits into one log line: bounded, without control characters. */
  static String shown(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    return clean.length() <= MAX_SHOWN_CHARS ? clean : clean.substring(0, MAX_SHOWN_CHARS) + "...";
  }
}
