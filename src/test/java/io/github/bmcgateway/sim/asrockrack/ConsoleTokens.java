package io.github.bmcgateway.sim.asrockrack;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tokens that open one console or one medium each. Thread-safe. */
final class ConsoleTokens {

  /**
   * A token and what must come back with it.
   *
   * @param token 16 letters and digits
   * @param session 35 letters and digits
   * @param clientIp the client's address as the unit sees it
   * @param serverIp the unit's address
   */
  record Issued(String token, String session, String clientIp, String serverIp) {}

  private final WebSessions sessions;
  private final AsrockrackOptions options;
  private final Map<String, Issued> unused = new HashMap<>();

  ConsoleTokens(WebSessions sessions, AsrockrackOptions options) {
    this.sessions = sessions;
    this.options = options;
  }

  synchronized Issued issue(String clientIp) {
    Issued issued =
        new Issued(sessions.letters(16), sessions.letters(35), clientIp, options.host());
    unused.put(issued.token(), issued);
    return issued;
  }

  /** Uses a token up. */
  synchronized Optional<Issued> take(String token) {
    return Optional.ofNullable(unused.remove(token));
  }
}
