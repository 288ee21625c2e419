/**
 * A double of an ASRock Rack board with AMI MegaRAC SP-X: pages, REST interface, Redfish, firmware
 * update, console, virtual media and serial console.
 *
 * <p>Its web server is written on sockets, since the real one (AMI's lighttpd with its WebSocket
 * module) tells header names apart by case, sends replies that no proper server sends and drops
 * connections in the middle.
 */
@NullMarked
package io.github.bmcgateway.sim.asrockrack;

import org.jspecify.annotations.NullMarked;
