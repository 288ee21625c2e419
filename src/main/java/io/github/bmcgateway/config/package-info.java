/**
 * The settings: an immutable tree of records, read and validated once. Imports nothing of the other
 * packages.
 */
@NullMarked
package io.github.bmcgateway.config;

import org.jspecify.annotations.NullMarked;
