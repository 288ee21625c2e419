package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.FixedSettings;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.target.VendorProfiles;

/**
 * Settings and the vendor profiles that go with them, checked together. Equal when a gateway would
 * do the same with both. Immutable.
 */
record Settings(GatewayConfig config, VendorProfiles profiles) {
  /** These settings as a gateway can take them up that runs with those. */
  Settings after(Settings running) {
    return new Settings(
        FixedSettings.keep(running.config, config),
        profiles.equals(running.profiles) ? running.profiles : profiles);
  }
}
