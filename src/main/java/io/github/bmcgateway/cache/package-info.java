/**
 * Static files of BMCs that are kept for a time, each for one BMC under one public origin. Decides
 * what may be kept, for how long, and which part of it answers a request. Knows neither tokens nor
 * the servlet API: who may ask at all has been decided before.
 */
@NullMarked
package io.github.bmcgateway.cache;

import org.jspecify.annotations.NullMarked;
