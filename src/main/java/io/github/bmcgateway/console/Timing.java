package io.github.bmcgateway.console;

import java.time.Duration;

/**
 * The time limits of consoles. A quiet console is never cut: only one whose other end is gone.
 *
 * @param handshake longest time from the browser's upgrade to the BMC's answer
 * @param ping how often a browser is pinged; one that stays silent for three such periods is gone,
 *     unless something was sent to it since: that it may not have read yet, and then it has {@code
 *     stall}. A side whose kernel acknowledges nothing for three such periods is gone in any case.
 *     A BMC is never pinged
 * @param stall longest time that a side may take nothing while its connection stands, such as a
 *     browser's page that a debugger has stopped
 * @param close longest time that a closing handshake may take before the connections are dropped
 */
public record Timing(Duration handshake, Duration ping, Duration stall, Duration close) {
  /** The limits of a gateway in service. */
  public static Timing standard() {
    return new Timing(
        Duration.ofSeconds(30),
        Duration.ofSeconds(15),
        Duration.ofMinutes(5),
        Duration.ofSeconds(5));
  }

  /** The same limits with another one for the handshake. */
  public Timing withHandshake(Duration limit) {
    return new Timing(limit, ping, stall, close);
  }
}
