/**
 * The front of the house: turns a servlet request into a grant and a BMC request, or into an answer
 * of the gateway's own. Holds the JWT filter, the session link, the reserved URLs, the switch and
 * origin rules, and the composition root that wires all other packages. Knows neither vendors nor
 * the HTTP client.
 */
@NullMarked
package io.github.bmcgateway.entry;

import org.jspecify.annotations.NullMarked;
