package io.github.bmcgateway.sim.idrac8;

import java.time.Duration;

/**
 * How a simulated iDRAC8 is set up.
 *
 * @param tag service tag; names the unit on its pages, its screen and in its certificate
 * @param user the one account's name
 * @param password the one account's password
 * @param hostCheck which {@code Host} is taken
 * @param language whether answers of {@code /session} carry {@code X_Language}
 * @param cookieDomain whether the session cookie names a domain
 * @param earlyCookie whether each visitor gets a session's cookie, and keeps it when logging in
 * @param truncatedRedfish whether Redfish breaks off its answers to requests without credentials
 * @param pluginType the console's plug-in: 0 ActiveX, 1 Java, 2 HTML5
 * @param clearText whether the console port also speaks without TLS
 * @param sessionPool how many web sessions fit
 * @param uploadBytesPerSecond how fast firmware is read; 0 for as fast as it comes
 * @param consoleKeepAlive a console socket that sends no heartbeat for so long is closed
 * @param frameInterval time between two pictures of the console
 * @param frameBytes largest message of the console, at most 65535
 * @param mediaReadBytes how much of an attached image is read
 */
record Idrac8Options(
    String tag,
    String user,
    String password,
    HostCheck hostCheck,
    boolean language,
    boolean cookieDomain,
    boolean earlyCookie,
    boolean truncatedRedfish,
    int pluginType,
    boolean clearText,
    int sessionPool,
    long uploadBytesPerSecond,
    Duration consoleKeepAlive,
    Duration frameInterval,
    int frameBytes,
    long mediaReadBytes) {

  /** The name that the unit gives itself. */
  String hostName() {
    return "idrac-" + tag;
  }
}
