package io.github.bmcgateway.config;

/** How a BMC is recognised for which {@code bmc.pins} names no certificate. */
public enum Trust {
  /** Not at all. */
  ANY,
  /** By the certificate that it showed at its first use. */
  TOFU,
  /** It isn't: a BMC without a pin is refused. */
  PINNED
}
