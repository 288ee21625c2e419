package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.policy.BmcAdmission;
import io.github.bmcgateway.target.VendorProfiles;
import java.net.InetAddress;
import java.time.Duration;

/**
 * The rules that hold now, for whoever asks apart from any request; a request asks its {@link
 * Serving} instead. Safe for use by several threads.
 */
final class RulesInForce {
  /**
   * How long a request waits for a place at its BMC; a page that takes longer is dead to a user.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private volatile Rules rules;

  RulesInForce(Rules rules) {
    this.rules = rules;
  }

  GatewayConfig config() {
    return rules.settings().config();
  }

  VendorProfiles profiles() {
    return rules.settings().profiles();
  }

  /** Whether this port of this address may be dialled. */
  boolean allows(InetAddress ip, int port) {
    return rules.guard().allows(ip, port);
  }

  /** How many requests a BMC gets at a time, and how many wait for how long. */
  BmcAdmission.Bounds bounds() {
    GatewayConfig.Limits limits = config().limits();
    return new BmcAdmission.Bounds(limits.bmcConnections(), limits.bmcQueue(), PATIENCE);
  }

  /** Puts others in their place. */
  void put(Rules next) {
    rules = next;
  }
}
