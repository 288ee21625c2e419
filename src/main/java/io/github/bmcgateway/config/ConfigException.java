package io.github.bmcgateway.config;

import java.util.List;

/**
 * The settings are refused. Tells everything that is wrong at once; no message holds a secret.
 * Immutable.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(problems.size() == 1 ? problems.get(0) : String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence or two for each problem: key, value, why, and what is accepted. */
  public List<String> problems() {
    return problems;
  }
}
