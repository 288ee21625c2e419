package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.SimulatedSocket;
import io.github.bmcgateway.sim.idrac8.ConsoleMessage.Family;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.eclipse.jetty.websocket.core.CloseStatus;

/**
 * A socket on the console port: the viewer says what it is for, both take stock, then the channel
 * speaks; the viewer's heartbeat keeps it open.
 */
final class ConsoleSocket extends SimulatedSocket {

  private static final int HELLO = 0x0100;
  private static final int INVENTORY = 0x0201;
  private static final int HEARTBEAT = 0x0400;
  private static final int GOODBYE = 0x01FF;
  private static final int ANSWER = 0x8000;

  private static final int VERSION = 0x0104;
  private static final int TLS_ONLY = 0x104;
  private static final int CLEAR_TEXT_TOO = 0x105;

  private static final byte[] UNIT =
      "{\"server_type\":\"iDRAC8\",\"features\":[]}".getBytes(StandardCharsets.UTF_8);

  private final BiFunction<Integer, Wire, Optional<Channel>> channels;
  private final Idrac8Options options;
  private Optional<Channel> channel = Optional.empty();
  private boolean inventoryKnown;
  private long heartbeats;

  /**
   * Makes a socket.
   *
   * @param channels gives the channel for the number in a viewer's hello; empty if unknown
   */
  ConsoleSocket(BiFunction<Integer, Wire, Optional<Channel>> channels, Idrac8Options options) {
    super(/* pingsAllowed= */ true);
    this.channels = channels;
    this.options = options;
  }

  @Override
  protected void opened() {
    expectHeartbeat();
  }

  @Override
  protected void message(byte[] bytes) {
    ConsoleMessage message;
    try {
      message = ConsoleMessage.read(bytes);
    } catch (IllegalArgumentException e) {
      violation("A message on the console was cut or merged: " + e.getMessage());
      close(CloseStatus.PROTOCOL, "");
      return;
    }
    if (channel.isEmpty()) {
      hello(message);
    } else if (message.is(Family.APCP, HEARTBEAT)) {
      heartbeats++;
      event("heartbeat");
      send(ConsoleMessage.make(Family.APCP, ANSWER | HEARTBEAT, 20).array());
    } else if (message.is(Family.APCP, INVENTORY)) {
      inventory(message);
    } else if (message.is(Family.APCP, GOODBYE)) {
      event("goodbye");
      close(CloseStatus.NORMAL, "");
    } else if (inventoryKnown) {
      channel.get().message(message);
    } else {
      wire().refuse(message + " before the inventory");
    }
  }

  private void hello(ConsoleMessage message) {
    boolean wellFormed =
        message.is(Family.APCP, HELLO)
            && message.bytes().length == 68
            && message.u16(10) == VERSION;
    int purpose = wellFormed ? message.u8(12) : 0;
    channel = channels.apply(purpose, wire());
    if (channel.isEmpty()) {
      wire().refuse("no hello but " + message);
      return;
    }
    ByteBuffer out = ConsoleMessage.make(Family.APCP, ANSWER | HELLO, 56);
    out.putShort(14, (short) (options.clearText() ? CLEAR_TEXT_TOO : TLS_ONLY));
    out.put(53, (byte) purpose);
    out.putShort(54, (short) Math.max(1, options.consoleKeepAlive().toSeconds()));
    event("hello " + purpose);
    send(out.array());
  }

  private void inventory(ConsoleMessage message) {
    event("inventory " + new String(message.tail(20), StandardCharsets.UTF_8));
    inventoryKnown = true;
    ByteBuffer out = ConsoleMessage.make(Family.APCP, ANSWER | INVENTORY, 20 + UNIT.length);
    out.putInt(16, UNIT.length).put(20, UNIT);
    send(out.array());
  }

  private void expectHeartbeat() {
    long before = heartbeats;
    after(
        options.consoleKeepAlive(),
        () -> {
          if (heartbeats == before) {
            wire().refuse("no heartbeat");
          } else {
            expectHeartbeat();
          }
        });
  }

  @Override
  protected void gone() {
    channel.ifPresent(Channel::gone);
  }

  private Wire wire() {
    return new OwnWire();
  }

  private final class OwnWire implements Wire {

    @Override
    public void send(byte[] message) {
      ConsoleSocket.this.send(message);
    }

    @Override
    public void send(byte[] message, Runnable sent) {
      ConsoleSocket.this.send(message, sent);
    }

    @Override
    public void after(Duration delay, Runnable task) {
      ConsoleSocket.this.after(delay, task);
    }

    @Override
    public void event(String event) {
      ConsoleSocket.this.event(event);
    }

    @Override
    public void refuse(String why) {
      event(why);
      end();
    }

    @Override
    public void end() {
      close(CloseStatus.NORMAL, "");
    }
  }
}
