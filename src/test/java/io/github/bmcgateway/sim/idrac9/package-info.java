/** A double of Dell's iDRAC9: web pages, sessions, console tickets, console and virtual media. */
@NullMarked
package io.github.bmcgateway.sim.idrac9;

import org.jspecify.annotations.NullMarked;
