/**
 * What {@code src/bench/run} and {@code src/bench/run-consoles} measure with: they start the
 * programs that are compared and put load on them. The load of consoles, of pages, and of requests
 * at a constant rate is this package's own: plain NIO and {@code SSLEngine}, one thread at either
 * end, so that it costs little beside what it measures.
 */
package io.github.bmcgateway.bench;
