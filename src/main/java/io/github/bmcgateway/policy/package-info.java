/**
 * Decides what a grant may reach and keeps the register of what runs under it. Knows nothing of
 * servlets.
 */
@NullMarked
package io.github.bmcgateway.policy;

import org.jspecify.annotations.NullMarked;
