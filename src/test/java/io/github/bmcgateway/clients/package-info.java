/** Programs of others that talk to BMCs, as they are distributed, through the gateway. */
@NullMarked
package io.github.bmcgateway.clients;

import org.jspecify.annotations.NullMarked;
