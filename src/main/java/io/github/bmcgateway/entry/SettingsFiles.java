package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.ConfigFiles;
import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.target.InvalidProfileException;
import io.github.bmcgateway.target.VendorProfiles;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where settings come from: the environment and the files that it names. */
final class SettingsFiles {
  private final ConfigFiles files;
  private final ConfigLoader loader;

  /**
   * @param lookup finds environment variables, as {@link ConfigLoader} asks for them
   */
  SettingsFiles(Function<String, Optional<String>> lookup) {
    files = new ConfigFiles(lookup);
    loader = new ConfigLoader(lookup);
  }

  /** Another one whenever a file has changed. May block as long as a file does. */
  String fingerprint() {
    return files.fingerprint();
  }

  /**
   * What the environment and the files say now.
   *
   * @throws RefusedSettingsException with everything that is wrong
   */
  Settings load() throws RefusedSettingsException {
    try {
      GatewayConfig config = loader.load();
      return new Settings(config, VendorProfiles.of(config.bmc()));
    } catch (ConfigException e) {
      throw new RefusedSettingsException(e.problems());
    } catch (InvalidProfileException e) {
      throw new RefusedSettingsException(List.of(String.valueOf(e.getMessage())));
    }
  }
}
