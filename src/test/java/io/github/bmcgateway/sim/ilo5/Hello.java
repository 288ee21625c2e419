package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.ilo5.Ilo5Sessions.Session;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a viewer says first: 34 bytes, {@code 01 20} and the 32 characters of its session key. The
 * unit has spoken before it, with the one byte {@code 50}.
 */
final class Hello {

  static final int ASK = 0x50;

  private static final int LENGTH = 34;

  private Hello() {}

  static byte[] ask() {
    return new byte[] {ASK};
  }

  /** The session that a viewer names; empty if the bytes are anything else. */
  static Optional<Session> read(byte[] message, Ilo5Sessions sessions) {
    return message.length == LENGTH && message[0] == 0x01 && message[1] == 0x20
        ? sessions.find(new String(message, 2, 32, StandardCharsets.US_ASCII))
        : Optional.empty();
  }
}
