package io.github.bmcgateway.config;

import java.util.Locale;

/**
 * A host name, or {@code *.suffix} for exactly one label before the suffix. Ports don't take part;
 * case doesn't matter.
 *
 * @param text the pattern in lower case
 */
public record HostPattern(String text) {
  /** Whether the host (without port) fits. */
  public boolean matches(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (!text.startsWith("*.")) {
      return text.equals(name);
    }
    int dot = name.indexOf('.');
    return dot > 0 && name.substring(dot).equals(text.substring(1));
  }
}
