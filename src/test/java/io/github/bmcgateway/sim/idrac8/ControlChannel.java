package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.idrac8.ConsoleMessage.Family;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The first socket: logs in with the temporary credentials, then carries keyboard and pointer and
 * the viewer's requests.
 */
final class ControlChannel implements Channel {

  static final int LOGIN = 0x0102;
  static final int LOGGED_IN = 0x8305;
  static final int SESSION_NUMBER = 0x0102;
  static final int RECONNECT_CREDENTIALS = 0x0103;
  static final int MEDIA_CREDENTIALS = 0x0427;
  static final int MEDIA_PAIR = 0x8434;
  static final int KEY = 0x0301;
  static final int POINTER = 0x0302;

  private static final int ANSWER = 0x8000;
  private static final int REFUSED = 1;

  private final Wire wire;
  private final ConsoleLogins logins;
  private final Idrac8Options options;
  private Optional<ConsoleLogin> login = Optional.empty();

  ControlChannel(Wire wire, ConsoleLogins logins, Idrac8Options options) {
    this.wire = wire;
    this.logins = logins;
    this.options = options;
  }

  @Override
  public void message(ConsoleMessage message) {
    if (login.isEmpty()) {
      login(message);
    } else if (message.is(Family.APCP, SESSION_NUMBER)) {
      ByteBuffer out = ConsoleMessage.make(Family.APCP, ANSWER | SESSION_NUMBER, 16);
      wire.send(out.putInt(12, login.get().number() >>> 1).array());
    } else if (message.is(Family.APCP, RECONNECT_CREDENTIALS)) {
      reconnectCredentials();
    } else if (message.family() == Family.BEEF) {
      request(message, login.get());
    } else {
      wire.refuse("unknown " + message);
    }
  }

  private void login(ConsoleMessage message) {
    boolean credentials = message.is(Family.BEEF, LOGIN) && message.bytes().length == 217;
    login =
        credentials
            ? logins.login(new ConsoleLogins.Pair(message.text(8), message.text(105)))
            : Optional.empty();
    byte[] name = options.hostName().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ConsoleMessage.make(Family.BEEF, LOGGED_IN, 113);
    out.putInt(8, login.isPresent() ? 0 : REFUSED);
    out.putInt(12, login.map(ConsoleLogin::number).orElse(0));
    out.put(18, (byte) name.length).put(19, name);
    wire.send(out.array());
    if (login.isPresent()) {
      wire.event("login");
    } else {
      wire.refuse("login refused");
    }
  }

  private void request(ConsoleMessage message, ConsoleLogin owner) {
    switch (message.type()) {
      case MEDIA_CREDENTIALS -> mediaPair(owner.media());
      case KEY -> {
        if (message.u8(8) != 0) {
          wire.event("key " + message.u16(10));
        }
      }
      case POINTER -> {
        if (message.u8(12) != 0) {
          wire.event("click " + message.u16(8) + "," + message.u16(10));
        }
      }
      default -> {
        owner.requested();
        wire.event("request " + message);
      }
    }
  }

  private void mediaPair(ConsoleLogins.Pair pair) {
    ByteBuffer out = ConsoleMessage.make(Family.BEEF, MEDIA_PAIR, 72);
    out.put(8, ascii(pair.user())).put(40, ascii(pair.password()));
    wire.send(out.array());
  }

  /** One-time credentials for a viewer that loses its sockets; this unit never takes them. */
  private void reconnectCredentials() {
    byte[] user = ascii("reconnect");
    byte[] password = ascii("0123456789abcdef");
    ByteBuffer out =
        ConsoleMessage.make(
            Family.APCP, ANSWER | RECONNECT_CREDENTIALS, 12 + user.length + password.length);
    out.put(10, (byte) user.length).put(11, (byte) password.length);
    wire.send(out.put(12, user).put(12 + user.length, password).array());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void gone() {
    login.ifPresent(logins::end);
  }
}
