package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.Recorder;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Port 5900, by libwebsockets 1.5: a page that proves to an opener that the certificate was
 * accepted, and sockets of one subprotocol at one path. Whatever else is asked for, it drops the
 * connection without an answer. Cookies are nothing to it. Thread-safe once started.
 */
final class ConsolePort implements BmcServer.Site {

  static final String SUBPROTOCOL = "lws-dvc-protocol";

  private static final int LARGEST_HEAD = 8192;
  private static final int CONTROL = 3;
  private static final int VIDEO = 4;
  private static final int MEDIA = 2;

  private final ConsoleLogins logins;
  private final MovingPicture picture;
  private final Idrac8Options options;
  private final Recorder recorder;
  private final AtomicInteger withCookies = new AtomicInteger();
  private BmcServer server;

  ConsolePort(
      ConsoleLogins logins, MovingPicture picture, Idrac8Options options, Recorder recorder) {
    this.logins = logins;
    this.picture = picture;
    this.options = options;
    this.recorder = recorder;
  }

  /** Names the server that this site answers for; once, before the first request. */
  void serveOn(BmcServer bmcServer) {
    server = bmcServer;
  }

  /** How many upgrades came with a cookie. */
  int upgradesWithCookies() {
    return withCookies.get();
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    int head = exchange.recorded().headBytes();
    if (head > LARGEST_HEAD) {
      recorder.violation("The console's request head has " + head + " bytes");
      exchange.drop();
    } else if (exchange.header("Upgrade").isPresent()) {
      upgrade(exchange);
    } else if (exchange.path().equals("/index.html")) {
      file(exchange, "text/html", "/sim/idrac8/console/index.html");
    } else if (exchange.path().equals("/favicon.ico")) {
      file(exchange, "image/x-icon", "/sim/idrac8/console/favicon.ico");
    } else {
      exchange.closing().reply(404, "text/html", "<html><body><h1>404</h1></body></html>");
    }
  }

  private void upgrade(Exchange exchange) {
    if (exchange.header("Cookie").isPresent()) {
      withCookies.incrementAndGet();
    }
    boolean known =
        exchange.path().equals("/")
            && exchange.header("Upgrade").orElse("").toLowerCase(Locale.ROOT).equals("websocket")
            && List.of(SUBPROTOCOL).equals(offered(exchange));
    if (known) {
      server.upgrade(exchange, SUBPROTOCOL, new ConsoleSocket(this::channel, options));
    } else {
      exchange.drop();
    }
  }

  private static List<String> offered(Exchange exchange) {
    return exchange.recorded().values("Sec-WebSocket-Protocol").stream()
        .flatMap(line -> Stream.of(line.split(", *")))
        .toList();
  }

  private Optional<Channel> channel(int purpose, Wire wire) {
    return switch (purpose) {
      case CONTROL -> Optional.of(new ControlChannel(wire, logins, options));
      case VIDEO -> Optional.of(new VideoChannel(wire, logins, picture, options));
      case MEDIA -> Optional.of(new MediaChannel(wire, logins, options.mediaReadBytes()));
      default -> Optional.empty();
    };
  }

  private static void file(Exchange exchange, String type, String resource) throws IOException {
    try (InputStream in = ConsolePort.class.getResourceAsStream(resource)) {
      exchange.reply(200, type, in.readAllBytes());
    }
  }
}
