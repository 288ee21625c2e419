/**
 * What stands at an address: the BMC, its vendor profile, and the request that goes to it. Knows
 * nothing of servlets.
 */
@NullMarked
package io.github.bmcgateway.target;

import org.jspecify.annotations.NullMarked;
