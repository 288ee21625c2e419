package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Jetty's API can do and {@code jakarta.websocket} can't: why it is preferred. */
class JettyConsoleTest {
  private static final int CONSOLES = 8;
  private static final byte[] MESSAGE = new byte[1 << 20];

  private final List<Wire> wires = new ArrayList<>();
  private OpenConsole console;

  @BeforeEach
  void start() throws Exception {
    console = new OpenConsole(WebSocketApi.JAKARTA, WebSocketApi.JETTY);
  }

  @AfterEach
  void stop() throws Exception {
    for (Wire wire : wires) {
      wire.reset();
    }
    console.close();
  }

  /** A close without a code passes as such, which shows by which API the console is served. */
  @Test
  void isPreferredWhereTheContainerOffersBoth() throws Exception {
    console.there.frame(true, Wire.CLOSE, new byte[0]);
    assertEquals(0, console.browser.readFrame().payload().length);
    console.browser.frame(true, Wire.CLOSE, new byte[0]);
    assertEquals(0, console.there.readFrame().payload().length);
    console.assertReleased();
  }

  @Test
  void aConsoleWhoseBrowserDoesNotReadHoldsNoThread() throws Exception {
    for (int i = 0; i < CONSOLES; i++) {
      Wire browser = Wire.connectNarrow(console.gateway.port());
      browser.write(Wire.upgrade("/kvm")).readHead();
      stall(console.bmc.nextConsole(), browser);
    }
    assertHeldUpWithoutThreads();
  }

  @Test
  void aConsoleWhoseBmcDoesNotReadHoldsNoThread() throws Exception {
    for (int i = 0; i < CONSOLES; i++) {
      Wire browser = console.gateway.open("/kvm");
      stall(browser, console.bmc.nextConsole());
    }
    assertHeldUpWithoutThreads();
  }

  private void stall(Wire from, Wire to) {
    wires.add(from);
    wires.add(to);
    OpenConsole.inBackground(() -> flood(from));
  }

  private static void flood(Wire from) throws IOException {
    while (true) {
      from.frame(true, Wire.BINARY, MESSAGE);
    }
  }

  private static void assertHeldUpWithoutThreads() {
    Eventually.holds("all senders are held up", () -> writing() == CONSOLES);
    Eventually.holds(
        "no thread is in the gateway", () -> inGateway() == 0 && writing() == CONSOLES);
    // Those of the tests before may be about to end; one of this gateway's would stay for longer.
    Eventually.holds(
        "no thread is for a stream",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("console-stream")));
  }

  private static long writing() {
    return threadsIn("sun.nio.ch.NioSocketImpl", "peer");
  }

  /** Of all pools, the gateway's and the container's. */
  private static long inGateway() {
    return threadsIn("io.github.bmcgateway.console.", "qtp");
  }

  private static long threadsIn(String classes, String name) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith(name))
        .filter(
            thread ->
                Arrays.stream(thread.getValue())
                    .anyMatch(frame -> frame.getClassName().startsWith(classes)))
        .count();
  }
}
