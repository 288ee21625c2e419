/** What {@code mvn jetty:run} adds to the gateway. */
package io.github.bmcgateway.dev;
