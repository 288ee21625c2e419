/**
 * Verifies the signed token of a session link or cookie and yields a Grant. Knows nothing of
 * servlets.
 */
@NullMarked
package io.github.bmcgateway.token;

import org.jspecify.annotations.NullMarked;
