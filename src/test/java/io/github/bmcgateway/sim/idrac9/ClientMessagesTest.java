package io.github.bmcgateway.sim.idrac9;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientMessagesTest {

  private static final String PIXEL_FORMAT = "00000000" + "10100001001f003f001f0b0500000000";
  private static final String ENCODINGS = "02000002" + "00000005" + "00000000";
  private static final String UPDATE_REQUEST = "03010000000004000300";
  private static final String KEY = "0401000000000061";
  private static final String CHAT = "f700f30200" + "6869";
  private static final String HEARTBEAT = "f700f6";
  private static final String ALL =
      PIXEL_FORMAT + ENCODINGS + UPDATE_REQUEST + KEY + CHAT + HEARTBEAT;

  @Test
  void messagesAreFoundHoweverTheBytesAreCut() {
    byte[] bytes = HexFormat.of().parseHex(ALL);
    for (int piece = 1; piece <= bytes.length; piece++) {
      ClientMessages messages = new ClientMessages();
      List<String> found = new ArrayList<>();
      for (int at = 0; at < bytes.length; at += piece) {
        byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece));
        messages.feed(part).forEach(message -> found.add(HexFormat.of().formatHex(message)));
      }
      assertEquals(List.of(PIXEL_FORMAT, ENCODINGS, UPDATE_REQUEST, KEY, CHAT, HEARTBEAT), found);
    }
  }

  @Test
  void anUnknownTypeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ClientMessages().feed(new byte[] {99}));
  }
}
