/**
 * A double of HPE's iLO 5: web pages, sessions, Redfish, remote console, media, firmware upload.
 */
@NullMarked
package io.github.bmcgateway.sim.ilo5;

import org.jspecify.annotations.NullMarked;
