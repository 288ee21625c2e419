/**
 * Carries HTTP between the browser and the BMC. The servlet is thin; the rules about headers and
 * the connections to BMCs are plain classes. Knows nothing of tokens.
 */
@NullMarked
package io.github.bmcgateway.proxy;

import org.jspecify.annotations.NullMarked;
