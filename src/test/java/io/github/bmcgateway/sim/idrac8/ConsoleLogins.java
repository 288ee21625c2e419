package io.github.bmcgateway.sim.idrac8;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The console port's own logins. A web session is given a pair of temporary credentials; the
 * control socket logs in with it, once; the login's number lets the video socket in, a further pair
 * the media socket. Thread-safe.
 */
final class ConsoleLogins {

  /** Temporary credentials. */
  record Pair(String user, String password) {}

  private final SecureRandom random = new SecureRandom();
  private final Set<Pair> issued = new HashSet<>();
  private final Map<Integer, ConsoleLogin> live = new LinkedHashMap<>();

  /** Fresh credentials for a control socket. */
  synchronized Pair issue() {
    Pair pair = newPair();
    issued.add(pair);
    return pair;
  }

  /** A login with credentials that were issued and not used yet. */
  synchronized Optional<ConsoleLogin> login(Pair pair) {
    if (!issued.remove(pair)) {
      return Optional.empty();
    }
    ConsoleLogin login = new ConsoleLogin(newNumber(), newPair());
    live.put(login.number(), login);
    return Optional.of(login);
  }

  /** The login with that number, while its control socket is open. */
  synchronized Optional<ConsoleLogin> find(int number) {
    return Optional.ofNullable(live.get(number));
  }

  /** The login whose media credentials stand in the bytes, wherever they do. */
  synchronized Optional<ConsoleLogin> findByMediaPair(ConsoleMessage message) {
    return live.values().stream()
        .filter(
            login ->
                message.contains(login.media().user())
                    && message.contains(login.media().password()))
        .findFirst();
  }

  /** The login's control socket is gone. */
  synchronized void end(ConsoleLogin login) {
    live.remove(login.number());
    login.end();
  }

  private int newNumber() {
    IntPredicate free = number -> number != 0 && !live.containsKey(number);
    return random.ints().filter(free).findFirst().orElseThrow();
  }

  private Pair newPair() {
    return new Pair(hex(), hex());
  }

  private String hex() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
