package io.github.bmcgateway.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What somebody wrote for a setting, not yet understood.
 *
 * @param origin where it was written, in words
 * @param text all of it
 * @param items its entries, where the setting takes several
 * @param table its entries, where they have keys; empty where it was written otherwise
 */
record SettingText(
    String origin, String text, List<String> items, List<Map<String, String>> table) {
  /** A text as an environment variable holds it: several entries are separated by commas. */
  static SettingText ofScalar(String origin, String text) {
    String stripped = text.strip();
    List<String> items = Arrays.stream(stripped.split(",", -1)).map(String::strip).toList();
    return new SettingText(origin, stripped, items, List.of());
  }

  /** A list, as {@code gateway.yaml} may hold it. */
  static SettingText ofList(String origin, List<String> items) {
    return new SettingText(origin, String.join(", ", items), List.copyOf(items), List.of());
  }

  /** A list of entries with keys, as only {@code gateway.yaml} can hold it. */
  static SettingText ofTable(String origin, List<Map<String, String>> table) {
    List<String> items = table.stream().map(String::valueOf).toList();
    return new SettingText(origin, String.join(", ", items), items, List.copyOf(table));
  }
}
