package io.github.bmcgateway.target;

import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.target.VendorProfile.Logout;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A session that a BMC opened for whoever logged in, and how it is ended. Immutable; doesn't print
 * its secrets.
 *
 * @param bmc where it is
 * @param logout the request that ends it
 * @param values what the login's answer gave, by the names that {@code logout} uses
 */
public record BmcSession(Bmc bmc, Logout logout, Map<String, Secret> values) {
  /** Shorter values, such as a number, stand in many texts. */
  private static final int TELLING_BYTES = 8;

  /** Copies the values. */
  public BmcSession {
    values = Map.copyOf(values);
  }

  /** A text of the logout with its placeholders filled in; it is as secret as they are. */
  public String fill(String template) {
    String filled = template;
    for (Map.Entry<String, Secret> value : values.entrySet()) {
      filled = filled.replace("{" + value.getKey() + "}", reveal(value.getValue()));
    }
    return filled;
  }

  /**
   * Whether a text holds one of the values that only who uses the session knows: not a short one,
   * nor a path, such as that of a Redfish session, which others can list or guess.
   */
  public boolean isIn(String text) {
    return values.values().stream()
        .filter(value -> value.length() >= TELLING_BYTES)
        .map(BmcSession::reveal)
        .anyMatch(value -> !value.startsWith("/") && text.contains(value));
  }

  private static String reveal(Secret secret) {
    return new String(secret.reveal(), StandardCharsets.UTF_8);
  }
}
