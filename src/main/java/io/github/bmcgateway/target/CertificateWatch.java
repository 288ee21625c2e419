package io.github.bmcgateway.target;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;

/**
 * Is told which certificate a BMC shows, at every handshake with it and before anything is sent to
 * it. Called on a thread that serves connections: must not block. Safe for use by several threads.
 */
@FunctionalInterface
public interface CertificateWatch {
  /** Takes no notice. */
  CertificateWatch NONE = (bmc, certificate) -> {};

  /**
   * A handshake is through.
   *
   * @param bmc the port that was dialled
   * @param certificate what it showed
   */
  void shown(Endpoint bmc, Fingerprint certificate);
}
