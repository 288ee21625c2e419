/**
 * What operators and users are told: the one table of failures and the pages that show them.
 * Imports nothing of the other packages.
 */
@NullMarked
package io.github.bmcgateway.ops;

import org.jspecify.annotations.NullMarked;
