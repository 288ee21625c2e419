/**
 * Content transformers: what has to change in a BMC's answer so that its own pages work behind the
 * gateway, in bounded memory. Knows nothing of servlets or tokens.
 */
@NullMarked
package io.github.bmcgateway.rewrite;

import org.jspecify.annotations.NullMarked;
