package io.github.bmcgateway.target;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import java.util.Set;

/**
 * Is told when a BMC shows a certificate that it isn't known by; nothing was sent to it. At most
 * once a minute for one BMC and certificate. Called on a thread that serves connections: must not
 * block. Safe for use by several threads.
 */
@FunctionalInterface
public interface PinAlarm {
  /**
   * A BMC shows the wrong certificate.
   *
   * @param bmc the port that was dialled
   * @param known the certificates that it is known by; none where only pinned BMCs are trusted and
   *     it has no pin
   * @param shown the certificate that it showed
   */
  void raised(Endpoint bmc, Set<Fingerprint> known, Fingerprint shown);
}
