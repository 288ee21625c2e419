package io.github.bmcgateway.entry;

import java.util.List;

/** Settings, profiles or keys can't be used. No message holds a secret. Immutable. */
final class RefusedSettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  RefusedSettingsException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, at least one message. */
  List<String> problems() {
    return problems;
  }
}
