package io.github.bmcgateway.console;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A gateway in front of one BMC, with a console whose two ends a test drives by hand. */
final class OpenConsole implements AutoCloseable {
  final FakeBmc bmc = new FakeBmc();
  final Gateway gateway;
  Wire browser;
  Wire there;

  /** Something that a peer does on the wire. */
  interface Action {
    void run() throws IOException;
  }

  OpenConsole(WebSocketApi... apis) throws Exception {
    gateway = new Gateway(bmc.port(), Gateway.QUICK, Set.of(apis));
    browser = gateway.open("/kvm");
    there = bmc.nextConsole();
  }

  /** Opens another console in place of the last. */
  void open() throws Exception {
    end();
    browser = gateway.open("/kvm");
    there = bmc.nextConsole();
  }

  /** The console again, whose browser has a small receive buffer. */
  void openNarrow() throws Exception {
    end();
    browser = Wire.connectNarrow(gateway.port());
    browser.write(Wire.upgrade("/kvm")).readHead();
    there = bmc.nextConsole();
  }

  private void end() throws IOException {
    browser.close();
    there.close();
    assertReleased();
  }

  /** Neither side has anything left. */
  void assertReleased() {
    Eventually.holds("the session has no work", () -> gateway.session.running() == 0);
  }

  static CompletableFuture<Void> inBackground(Action action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
                done.complete(null);
              } catch (IOException e) {
                done.completeExceptionally(e);
              }
            },
            "peer");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  @Override
  public void close() throws Exception {
    browser.close();
    gateway.close();
    bmc.close();
  }
}
