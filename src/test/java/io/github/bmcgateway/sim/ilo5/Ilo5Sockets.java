package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.SimulatedSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code /wss}: sockets on the web port, opened by the session's cookie. Thread-safe. */
final class Ilo5Sockets {

  /** {@code MaxConcurrentSessions} of the graphical console. */
  private static final int CONSOLE_SLOTS = 10;

  /** Granted where none may be: no browser can offer an empty one. */
  private static final String NO_SUBPROTOCOL = "";

  private final Ilo5Sessions sessions;
  private final Ilo5Json json;
  private final MovingPicture picture;
  private final Ilo5Options options;
  private final Set<ConsoleSocket> consoles = ConcurrentHashMap.newKeySet();

  Ilo5Sockets(Ilo5Sessions sessions, Ilo5Json json, MovingPicture picture, Ilo5Options options) {
    this.sessions = sessions;
    this.json = json;
    this.picture = picture;
    this.options = options;
  }

  void answer(Exchange exchange, BmcServer server) {
    if (json.session(exchange).isEmpty()) {
      exchange.reply(403, "text/plain", "Forbidden");
    } else if (!isUpgrade(exchange)) {
      exchange.reply(400, "text/plain", "Bad Request");
    } else {
      server.upgrade(exchange, NO_SUBPROTOCOL, socket(exchange.path()));
    }
  }

  private boolean isUpgrade(Exchange exchange) {
    List<String> connection = exchange.recorded().values("Connection");
    return !options.has(Ilo5Quirk.EXACT_UPGRADE) || connection.equals(List.of("Upgrade"));
  }

  private SimulatedSocket socket(String path) {
    return switch (path) {
      case "/wss/ircport" -> console();
      case "/wss/vmport" -> new MediaSocket(sessions, options.mediaReadBytes());
      default -> new EchoSocket();
    };
  }

  private SimulatedSocket console() {
    ConsoleAnswer greeting =
        consoles.size() < CONSOLE_SLOTS ? options.answer() : ConsoleAnswer.NO_SESSIONS;
    ConsoleSocket[] made = new ConsoleSocket[1];
    made[0] =
        new ConsoleSocket(sessions, picture, options, greeting, () -> consoles.remove(made[0]));
    consoles.add(made[0]);
    return made[0];
  }

  void endConsoles(String why) {
    consoles.forEach(console -> console.end(why));
  }
}
