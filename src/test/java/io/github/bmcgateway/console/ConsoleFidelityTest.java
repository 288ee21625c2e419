package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** That a console is the same with the gateway as without. */
@ParameterizedClass
@EnumSource(WebSocketApi.class)
class ConsoleFidelityTest {
  private static final int LONG_BYTES = 16 << 20;

  /** The most that is held back of a message of which more is awaited. */
  private static final int HELD_BYTES = 384 * 1024;

  @Parameter WebSocketApi api;
  private OpenConsole console;

  @BeforeEach
  void start() throws Exception {
    console = new OpenConsole(api);
  }

  @AfterEach
  void stop() throws Exception {
    console.close();
  }

  private Wire[][] bothWays() {
    return new Wire[][] {{console.there, console.browser}, {console.browser, console.there}};
  }

  @Test
  void aLongMessageIsOnItsWayBeforeItHasEnded() throws Exception {
    byte[] message = new byte[LONG_BYTES];
    new Random(1).nextBytes(message);
    for (Wire[] way : bothWays()) {
      byte[] frame = way[0].masked(binary(message));
      int half = frame.length / 2;
      CompletableFuture<Void> firstHalf =
          OpenConsole.inBackground(() -> way[0].write(ByteBuffer.wrap(frame, 0, half)));
      ByteBuffer received = ByteBuffer.allocate(LONG_BYTES);
      Wire.Frame piece = way[1].readFrame();
      assertEquals(Wire.BINARY, piece.opCode());
      received.put(piece.payload());
      while (received.position() < half - HELD_BYTES) {
        received.put(next(way[1]).payload());
      }
      firstHalf.get(30, TimeUnit.SECONDS);
      OpenConsole.inBackground(
          () -> way[0].write(ByteBuffer.wrap(frame, half, frame.length - half)));
      do {
        piece = next(way[1]);
        received.put(piece.payload());
      } while (!piece.fin());
      assertArrayEquals(message, received.array());
    }
  }

  private static Wire.Frame next(Wire wire) throws IOException {
    Wire.Frame frame = wire.readFrame();
    assertEquals(Wire.CONTINUATION, frame.opCode());
    return frame;
  }

  private static byte[] binary(byte[] payload) {
    return ByteBuffer.allocate(10 + payload.length)
        .put((byte) 0x82)
        .put((byte) 127)
        .putLong(payload.length)
        .put(payload)
        .array();
  }

  /** OpenBMC takes each message of its console for one event, and the viewers do so of its. */
  @Test
  void messagesThatArriveTogetherAreNeverMerged() throws Exception {
    int count = 500;
    for (Wire[] way : bothWays()) {
      ByteBuffer all = ByteBuffer.allocate(count * 64);
      for (int i = 0; i < count; i++) {
        byte[] payload = new byte[i % 40];
        byte[] head = {(byte) (i % 2 == 0 ? 0x82 : 0x81), (byte) payload.length};
        all.put(
            way[0].masked(ByteBuffer.allocate(2 + payload.length).put(head).put(payload).array()));
      }
      way[0].write(all.flip());
      for (int i = 0; i < count; i++) {
        Wire.Frame frame = way[1].readFrame();
        assertTrue(frame.fin());
        assertEquals(i % 2 == 0 ? Wire.BINARY : Wire.TEXT, frame.opCode());
        assertEquals(i % 40, frame.payload().length);
      }
    }
  }

  @Test
  void aMessageInFragmentsIsOneMessage() throws Exception {
    for (Wire[] way : bothWays()) {
      way[0].frame(false, Wire.BINARY, new byte[] {1});
      way[0].frame(true, Wire.PING, new byte[] {9});
      way[0].frame(false, Wire.CONTINUATION, new byte[0]);
      way[0].frame(true, Wire.CONTINUATION, new byte[] {2, 3});
      way[0].text("next");
      assertEquals(Wire.PONG, way[0].readFrame().opCode());
      assertArrayEquals(new byte[] {1, 2, 3}, way[1].readMessage().payload());
      assertEquals("next", way[1].readFrame().text());
    }
  }

  /** 64 sectors of 2,048 bytes in one message, behind a head of 61 bytes. */
  @Test
  void theLargestAnswerOfAnAmiMediumPasses() throws Exception {
    console.gateway.setVendor("asrockrack");
    console.open();
    byte[] answer = new byte[61 + 64 * 2048];
    OpenConsole.inBackground(() -> console.browser.frame(true, Wire.BINARY, answer));
    assertArrayEquals(answer, console.there.readFrame().payload());
  }

  @Test
  void nothingOfAMessageOverTheVendorsCapIsSent() throws Exception {
    console.gateway.setVendor("asrockrack");
    for (boolean inFragments : new boolean[] {false, true}) {
      console.open();
      byte[] largest = new byte[131_134];
      OpenConsole.inBackground(() -> console.browser.frame(true, Wire.BINARY, largest));
      assertArrayEquals(largest, console.there.readFrame().payload());
      byte[] half = new byte[largest.length / 2 + 1];
      OpenConsole.inBackground(
          () -> {
            if (inFragments) {
              console.browser.frame(false, Wire.BINARY, half);
              console.browser.frame(false, Wire.CONTINUATION, half);
            } else {
              console.browser.frame(true, Wire.BINARY, new byte[largest.length + 1]);
            }
          });
      assertEquals(1009, console.there.readFrame().closeCode());
      assertEquals(1009, console.browser.skipTo(Wire.CLOSE).closeCode());
      console.there.close(1009, "");
      console.assertReleased();
    }
  }

  @Test
  void aReasonOfTheFullLengthPassesBothWays() throws Exception {
    String reason = "é".repeat(61) + "x";
    assertEquals(123, reason.getBytes(StandardCharsets.UTF_8).length);
    for (boolean ofBrowser : new boolean[] {true, false}) {
      console.open();
      Wire from = ofBrowser ? console.browser : console.there;
      Wire to = ofBrowser ? console.there : console.browser;
      from.close(4999, reason);
      Wire.Frame close = to.skipTo(Wire.CLOSE);
      assertEquals(4999, close.closeCode());
      assertEquals(reason, close.closeReason());
      to.close(4999, "");
      console.assertReleased();
    }
  }
}
