package io.github.bmcgateway.entry;

import io.github.bmcgateway.token.InvalidKeysException;
import io.github.bmcgateway.token.TokenKeys;
import java.util.List;

/** Opens the keys that settings name, at the start and when the settings change. */
final class KeysReload {
  private KeysReload() {}

  /**
   * The keys of a gateway that starts.
   *
   * @throws RefusedSettingsException they can't be used
   */
  static TokenKeys first(Settings settings) throws RefusedSettingsException {
    try {
      return TokenKeys.open(settings.config().token());
    } catch (InvalidKeysException e) {
      throw refused(e);
    }
  }

  /**
   * The keys of a gateway that goes on with other settings.
   *
   * @param old those that it has; what goes on unchanged is taken over from them
   * @throws RefusedSettingsException they can't be used, or lack what the old ones don't
   */
  static TokenKeys next(TokenKeys old, Settings next) throws RefusedSettingsException {
    TokenKeys keys;
    try {
      keys = old.next(next.config().token());
    } catch (InvalidKeysException e) {
      throw refused(e);
    }
    List<String> problems = keys.missing();
    if (old.missing().containsAll(problems)) {
      return keys;
    }
    keys.closeAllBut(old);
    throw new RefusedSettingsException(problems);
  }

  private static RefusedSettingsException refused(InvalidKeysException e) {
    return new RefusedSettingsException(List.of(String.valueOf(e.getMessage())));
  }
}
