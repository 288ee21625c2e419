/**
 * The command line in the WAR: mints tokens and checks the settings, from the same settings that
 * the gateway itself reads. Knows nothing of servlets.
 */
@NullMarked
package io.github.bmcgateway.cli;

import org.jspecify.annotations.NullMarked;
