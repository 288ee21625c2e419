package io.github.bmcgateway.sim.openbmc;

import java.time.Duration;

/**
 * How a simulated OpenBMC is set up. Immutable.
 *
 * @param tag serial number; names the unit on its pages, its screen and in its certificate
 * @param user the one account's name
 * @param password the one account's password
 * @param frameInterval time between two pictures of the console
 * @param eventInterval time between two server-sent events
 */
record OpenbmcOptions(
    String tag, String user, String password, Duration frameInterval, Duration eventInterval) {}
