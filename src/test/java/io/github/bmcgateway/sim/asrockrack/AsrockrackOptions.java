package io.github.bmcgateway.sim.asrockrack;

import java.time.Duration;
import java.util.Set;

/**
 * How a simulated ASRock Rack board is set up.
 *
 * @param host loopback address to bind, {@code "127.0.0.1"} or {@code "::1"}
 * @param port port to bind; 0 for any free one
 * @param tag serial number; names the unit on its pages and its screen
 * @param user the one account's name
 * @param password the one account's password
 * @param quirks what is enforced
 * @param latency time before each answer
 * @param idle idle HTTP connections are closed after this time
 * @param sessionPool how many web sessions fit
 * @param socketPool how many consoles and media fit
 * @param maxConnections more connections at a time, sockets included, are a violation
 * @param banAt an address with so many connections is locked out
 * @param restartTime how long the web server is away after a crash
 * @param keepAliveLimit a console that sends no keep-alive for so long is stopped
 * @param frameInterval time between two pictures of the console
 * @param videoDown whether the console's back end is down
 * @param mediaReadBytes how much of an attached image is read
 * @param flashPreparation time that entering flash mode takes
 * @param maxUploadBytes a larger upload is refused with 413
 * @param redfishDelay time that a Redfish resource takes
 */
record AsrockrackOptions(
    String host,
    int port,
    String tag,
    String user,
    String password,
    Set<Quirk> quirks,
    Duration latency,
    Duration idle,
    int sessionPool,
    int socketPool,
    int maxConnections,
    int banAt,
    Duration restartTime,
    Duration keepAliveLimit,
    Duration frameInterval,
    boolean videoDown,
    long mediaReadBytes,
    Duration flashPreparation,
    long maxUploadBytes,
    Duration redfishDelay) {

  AsrockrackOptions {
    quirks = Set.copyOf(quirks);
  }

  boolean has(Quirk quirk) {
    return quirks.contains(quirk);
  }
}
