package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import io.github.bmcgateway.testing.StuckHttp2;
import io.github.bmcgateway.testing.Tokens;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.junit.jupiter.api.Test;

/** A browser that leaves while the container's thread is still at work for it. */
class LeftAtOnceTest {
  private static final long SECONDS = 10;

  private final CountDownLatch working = new CountDownLatch(1);

  /** Keeps the thread until the browser has left, which Jetty then tells no servlet. */
  private final ServletRequestListener atWork =
      new ServletRequestListener() {
        @Override
        public void requestDestroyed(ServletRequestEvent event) {
          CompletableFuture<Throwable> gone = new CompletableFuture<>();
          // After all others, so that the servlet's has been told by then.
          ServletContextRequest.getServletContextRequest(event.getServletRequest())
              .addFailureListener(gone::complete);
          working.countDown();
          try {
            gone.get(SECONDS, TimeUnit.SECONDS);
          } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
      };

  @Test
  void theBmcIsLetGoThatIsStillThinking() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(Exchange::readUntilGone);
        GatewayFixture gateway =
            GatewayFixture.builder(bmc.port())
                .vendor("acme", "{title: Acme BMC}")
                .listener(atWork)
                .start()) {
      try (StuckHttp2 browser = new StuckHttp2(gateway.port())) {
        browser.get(1, "/slow", "pm-session=" + Tokens.mint(bmc.port(), "acme"));
        Eventually.holds("the BMC is asked", () -> bmc.exchanges().size() == 1);
        assertTrue(working.await(SECONDS, TimeUnit.SECONDS), "at work");
      }
      Eventually.holds("the BMC is let go", () -> bmc.openConnections() == 0);
      assertEquals(1, bmc.exchanges().size());
    }
  }
}
