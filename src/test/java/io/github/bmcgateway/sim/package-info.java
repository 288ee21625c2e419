/**
 * Doubles of BMCs for tests and for trying the gateway out: real TLS servers on loopback that
 * refuse what the real unit refuses and record what they were sent.
 *
 * <p>This package holds what the vendors share; each vendor has a package of its own below it.
 */
@NullMarked
package io.github.bmcgateway.sim;

import org.jspecify.annotations.NullMarked;
