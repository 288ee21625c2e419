/**
 * The load tool of the console benchmark, {@code src/bench/run-consoles}: plain NIO and {@code
 * SSLEngine}, one thread at either end, so that it costs little beside what it measures.
 */
package io.github.bmcgateway.bench;
