/**
 * A double of Dell's iDRAC8: web pages and sessions on its web port, the HTML5 console and virtual
 * media on its console port.
 */
@NullMarked
package io.github.bmcgateway.sim.idrac8;

import org.jspecify.annotations.NullMarked;
