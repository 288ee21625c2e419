package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.ConfigFiles;
import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.target.InvalidProfileException;
import io.github.bmcgateway.target.VendorProfiles;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Where settings come from: the environment and the files that it names. */
final class SettingsFiles {
  private final ConfigFiles files;
  private final ConfigLoader loader;
  private final Optional<Consumer<List<String>>> jettyBase;

  /**
   * @param lookup finds environment variables, as {@link ConfigLoader} asks for them
   * @param jettyBase is told what is wrong, or nothing, before the start, if the connector is set
   *     by them too
   */
  SettingsFiles(
      Function<String, Optional<String>> lookup, Optional<Consumer<List<String>>> jettyBase) {
    files = new ConfigFiles(lookup);
    loader = new ConfigLoader(lookup);
    this.jettyBase = jettyBase;
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
    return load(loader::load);
  }

  /**
   * What they say before the start. A Jetty base has the connector's checked too, which are not
   * read again, and may end the process now.
   *
   * @throws RefusedSettingsException with everything that is wrong
   */
  Settings loadFirst() throws RefusedSettingsException {
    Settings settings = load(jettyBase.isPresent() ? loader::loadWithConnector : loader::load);
    jettyBase.ifPresent(base -> base.accept(List.of()));
    return settings;
  }

  private static Settings load(Loading loading) throws RefusedSettingsException {
    try {
      GatewayConfig config = loading.load();
      return new Settings(config, VendorProfiles.of(config.bmc()));
    } catch (ConfigException e) {
      throw new RefusedSettingsException(e.problems());
    } catch (InvalidProfileException e) {
      throw new RefusedSettingsException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private interface Loading {
    GatewayConfig load() throws ConfigException;
  }
}
