/**
 * The TLS that is spoken with BMCs, and whether a BMC is the one that it should be. Knows
 * addresses, ports and certificates; nothing of requests, sessions or tokens.
 */
@NullMarked
package io.github.bmcgateway.proxy.tls;

import org.jspecify.annotations.NullMarked;
