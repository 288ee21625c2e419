package io.github.bmcgateway.sim.idrac9;

import java.time.Duration;

/**
 * How a simulated iDRAC9 is set up.
 *
 * @param tag service tag; names the unit on its pages, its screen and in its certificate
 * @param user the one account's name
 * @param password the one account's password
 * @param strictHeaders whether forwarding headers are refused with 400, as old firmware does
 * @param absoluteLocations whether redirects name the unit's own authority
 * @param ticket what a request for a console ticket gets
 * @param escapedSlashes whether the ticket's JSON writes {@code \/} for {@code /}
 * @param failedLoginSucceeds whether a wrong password gets 201 with {@code authResult} 1
 * @param sessionPool how many web sessions fit
 * @param keyLimit a console that doesn't answer the key challenge for so long is closed
 * @param heartbeatLimit a console that sends no heartbeat for so long is closed
 * @param frameInterval time between two pictures of the console
 * @param frameBytes largest WebSocket message of the console
 * @param mediaReadBytes how much of an attached image is read
 * @param eventInterval time between two server-sent events
 */
record Idrac9Options(
    String tag,
    String user,
    String password,
    boolean strictHeaders,
    boolean absoluteLocations,
    Ticket ticket,
    boolean escapedSlashes,
    boolean failedLoginSucceeds,
    int sessionPool,
    Duration keyLimit,
    Duration heartbeatLimit,
    Duration frameInterval,
    int frameBytes,
    long mediaReadBytes,
    Duration eventInterval) {

  /** Kinds of console tickets. */
  enum Ticket {
    /** The HTML5 viewer of firmware 4.40 and newer, on the web port. */
    EHTML5,
    /** The HTML5 plug-in of older firmware, on port 5900. */
    PLUGIN_5900,
    /** Console disabled or not licensed. */
    EMPTY
  }
}
