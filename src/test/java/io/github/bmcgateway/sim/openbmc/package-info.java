/**
 * A double of OpenBMC: bmcweb's sessions, Redfish, events and console, and pages in front of it.
 */
@NullMarked
package io.github.bmcgateway.sim.openbmc;

import org.jspecify.annotations.NullMarked;
