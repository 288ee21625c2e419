package io.github.bmcgateway.policy;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Networks;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether an address and port may be dialled at all, whatever a token says. Asked when a session is
 * opened, at each of its requests, and before every dial. Immutable; safe for use by several
 * threads.
 */
public final class TargetGuard {
  private static final int HTTPS_PORT = 443;

  private final Networks networks;
  private final Set<Integer> ports;

  /**
   * A guard with these settings.
   *
   * @param consolePorts ports that the vendor profiles' consoles need; they and 443 are open when
   *     the settings name no ports
   */
  public TargetGuard(GatewayConfig.Bmc config, Collection<Integer> consolePorts) {
    this.networks = config.networks();
    Set<Integer> open = new TreeSet<>(config.ports());
    if (open.isEmpty()) {
      open.addAll(consolePorts);
      open.add(HTTPS_PORT);
    }
    this.ports = Set.copyOf(open);
  }

  /** Whether this port of this address may be dialled. */
  public boolean allows(InetAddress address, int port) {
    return ports.contains(port) && networks.allows(address);
  }
}
