/**
 * The WebSocket bridge between a browser and a BMC. Bytes are relayed, not parsed; back-pressure
 * works both ways.
 */
@NullMarked
package io.github.bmcgateway.console;

import org.jspecify.annotations.NullMarked;
