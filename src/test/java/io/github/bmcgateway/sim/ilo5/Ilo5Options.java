package io.github.bmcgateway.sim.ilo5;

import java.time.Duration;
import java.util.Set;

/**
 * How a simulated iLO 5 is set up. Immutable.
 *
 * @param tag serial number; names the unit on its pages, its screen and in its certificate
 * @param user the one account's name
 * @param password the one account's password
 * @param quirks the habits that it has
 * @param cookieAttributes what follows the key in {@code Set-Cookie}
 * @param sessionPool how many web sessions fit
 * @param failuresBeforeDelay after so many wrong passwords in a row logins are delayed; 0 for never
 * @param loginDelay for how long
 * @param answer how the console greets a viewer with a right key
 * @param frameInterval time between two pictures of the console
 * @param burstBytes largest WebSocket message of the console
 * @param consoleIdle a console whose viewer is silent for so long is closed
 * @param mediaReadBytes how much of an attached image is read
 * @param eventInterval time between two server-sent events
 * @param flashTime how long new firmware takes to be written
 * @param resetTime for how long a reset unit refuses connections
 */
record Ilo5Options(
    String tag,
    String user,
    String password,
    Set<Ilo5Quirk> quirks,
    String cookieAttributes,
    int sessionPool,
    int failuresBeforeDelay,
    Duration loginDelay,
    ConsoleAnswer answer,
    Duration frameInterval,
    int burstBytes,
    Duration consoleIdle,
    long mediaReadBytes,
    Duration eventInterval,
    Duration flashTime,
    Duration resetTime) {

  boolean has(Ilo5Quirk quirk) {
    return quirks.contains(quirk);
  }

  /** Name under which the unit knows itself, as in {@code FQDN} and in its certificate. */
  String iloName() {
    return "ILO" + tag;
  }
}
