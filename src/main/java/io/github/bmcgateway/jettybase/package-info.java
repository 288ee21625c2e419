/**
 * What the Jetty base needs beyond Jetty itself: its certificate from PEM files, a start that ends
 * with one line where a setting is wrong, and error answers and a request log that give nothing
 * away. Lives in a jar of the base, never in the WAR; knows nothing of the gateway but the words
 * for a failure, and how a connection takes turns.
 */
@NullMarked
package io.github.bmcgateway.jettybase;

import org.jspecify.annotations.NullMarked;
