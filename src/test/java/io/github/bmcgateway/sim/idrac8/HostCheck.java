package io.github.bmcgateway.sim.idrac8;

/** Which {@code Host} a unit takes; an empty one is refused by all. */
public enum HostCheck {
  /** Firmware up to 2.7x: any. */
  OFF,
  /** Firmware 2.8x as it is shipped: the unit's own address. */
  ADDRESS,
  /** Firmware 2.8x with a name set: the unit's own address or {@code idrac-<tag>}. */
  ADDRESS_AND_NAME
}
