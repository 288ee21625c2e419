package io.github.bmcgateway.jettybase;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.JettyFront;
import io.github.bmcgateway.testing.StuckHttp2;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.Test;

class GoneBrowsersTest {
  private static final long SECONDS = 10;

  @Test
  void itIsToldToAServletThatIsAtWork() throws Exception {
    AtWork servlet = new AtWork();
    try (JettyFront front =
        JettyFront.start(context -> context.addServlet(new ServletHolder(servlet), "/"))) {
      try (StuckHttp2 browser = new StuckHttp2(front.port())) {
        browser.get(1, "/", "a=b");
        assertTrue(servlet.begun.await(SECONDS, TimeUnit.SECONDS));
      }
      servlet.failure.get(SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Works until its browser has left. */
  private static final class AtWork extends HttpServlet {
    private static final long serialVersionUID = 1L;

    final transient CountDownLatch begun = new CountDownLatch(1);
    final transient CompletableFuture<Object> failure = new CompletableFuture<>();

    @Override
    protected void doGet(HttpServletRequest browser, HttpServletResponse answer) {
      browser.startAsync();
      begun.countDown();
      CompletableFuture<?> gone = (CompletableFuture<?>) browser.getAttribute(GoneBrowsers.GONE);
      try {
        failure.complete(gone.get(SECONDS, TimeUnit.SECONDS));
      } catch (Exception e) {
        failure.completeExceptionally(e);
      }
    }
  }
}
