package io.github.bmcgateway.sim.idrac9;

import io.github.bmcgateway.sim.BmcServer;
import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.MovingPicture;
import io.github.bmcgateway.sim.SimulatedSocket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The two WebSockets, each opened by a ticket's first key and nothing else. Thread-safe. */
final class Idrac9Sockets {

  private static final int CONSOLE_SLOTS = 6;
  private static final int MEDIA_SLOTS = 1;

  private final ConsoleTickets tickets;
  private final MovingPicture picture;
  private final Idrac9Options options;
  private final AtomicInteger consoles = new AtomicInteger();
  private final AtomicInteger media = new AtomicInteger();

  Idrac9Sockets(ConsoleTickets tickets, MovingPicture picture, Idrac9Options options) {
    this.tickets = tickets;
    this.picture = picture;
    this.options = options;
  }

  void answer(Exchange exchange, BmcServer server) {
    switch (exchange.path()) {
      case "/vnc/vconsole" ->
          open(exchange, server, exchange.query("vck"), ConsoleTickets.Channel.CONSOLE);
      case "/vnc/vmedia" ->
          open(exchange, server, exchange.query("vmk"), ConsoleTickets.Channel.MEDIA);
      default -> exchange.reply(404, "text/html", "<h1>404 Not Found</h1>");
    }
  }

  private void open(
      Exchange exchange, BmcServer server, Optional<String> key, ConsoleTickets.Channel channel) {
    if (key.filter(value -> !value.isEmpty()).isEmpty()) {
      exchange.reply(502, "text/html", "<h1>502 Bad Gateway</h1>");
      return;
    }
    SimulatedSocket socket =
        tickets
            .redeem(channel, key.get())
            .flatMap(second -> socket(channel, second))
            .orElseGet(RefusedSocket::new);
    server.upgrade(exchange, "binary", socket);
  }

  private Optional<SimulatedSocket> socket(ConsoleTickets.Channel channel, String secondKey) {
    AtomicInteger slots = channel == ConsoleTickets.Channel.CONSOLE ? consoles : media;
    int limit = channel == ConsoleTickets.Channel.CONSOLE ? CONSOLE_SLOTS : MEDIA_SLOTS;
    if (slots.incrementAndGet() > limit) {
      slots.decrementAndGet();
      return Optional.empty();
    }
    String refreshed = tickets.digits();
    return Optional.of(
        channel == ConsoleTickets.Channel.CONSOLE
            ? new ConsoleSocket(secondKey, refreshed, picture, options, slots::decrementAndGet)
            : new MediaSocket(
                secondKey, refreshed, options.mediaReadBytes(), slots::decrementAndGet));
  }
}
