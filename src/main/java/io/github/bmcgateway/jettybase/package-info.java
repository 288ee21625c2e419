/**
 * What the Jetty base needs beyond Jetty itself: its certificate from PEM files and error answers
 * that tell nothing about the server. Lives in a jar of the base, never in the WAR; knows nothing
 * of the gateway.
 */
@NullMarked
package io.github.bmcgateway.jettybase;

import org.jspecify.annotations.NullMarked;
