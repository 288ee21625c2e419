/** The whole way in a real browser, from the session link to a moving console. */
@NullMarked
package io.github.bmcgateway.journey;

import org.jspecify.annotations.NullMarked;
