/**
 * Sends a session of another region on to its gateway: what is said there of the browser and of the
 * request, in which protocol, and how a circle is found. Knows no vendors.
 */
@NullMarked
package io.github.bmcgateway.relay;

import org.jspecify.annotations.NullMarked;
