package io.github.bmcgateway.entry;

import io.github.bmcgateway.policy.TargetGuard;

/**
 * What is asked of the settings apart from any request, such as before a dial: always those that
 * are in force at that moment. Immutable.
 *
 * @param guard what may be dialled
 */
record Rules(Settings settings, TargetGuard guard) {
  static Rules of(Settings settings) {
    return new Rules(
        settings, new TargetGuard(settings.config().bmc(), settings.profiles().consolePorts()));
  }
}
