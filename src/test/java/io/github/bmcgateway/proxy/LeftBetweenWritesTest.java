package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.cache.AssetCache;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.StuckHttp2;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A browser that leaves while nothing is being written to it. */
class LeftBetweenWritesTest {
  private static final long SECONDS = 10;

  private final CountDownLatch head = new CountDownLatch(1);

  @Test
  void whatIsKeptIsNoLongerUnderWayToIt() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(CacheFixture.file(CacheFixture.LARGER_THAN_BUFFERS));
        ProxyFixture gateway = gateway(bmc.port())) {
      try (RawClient first = new RawClient(gateway.port())) {
        assertEquals(200, first.get("/js/a.js", "").status());
      }
      try (StuckHttp2 browser = new StuckHttp2(gateway.port())) {
        browser.get(1, "/js/a.js", "between=writes");
        assertTrue(head.await(SECONDS, TimeUnit.SECONDS), "head");
        Eventually.holds("it is under way", () -> gateway.session.running() == 1);
      }
      Eventually.holds("it is over", () -> gateway.session.running() == 0);
    }
  }

  private ProxyFixture gateway(int port) throws Exception {
    BmcAddress address = new BmcAddress(InetAddress.getByName("127.0.0.1"), port, Optional.empty());
    Bmc bmc = new Bmc(address, port, VendorProfiles.builtIn().find(Optional.of("ilo5")).get());
    AssetCache cache = new AssetCache(256 << 20, Ticker.systemTicker());
    return new ProxyFixture(browser -> bmc, cache, List.of(pausing()));
  }

  /** A container that has room for the head, and then tells no writer of HTTP/2 of any more. */
  private Filter pausing() {
    return (request, response, chain) -> {
      boolean pauses = request.getProtocol().startsWith("HTTP/2");
      chain.doFilter(
          request, pauses ? new PausingResponse((HttpServletResponse) response) : response);
    };
  }

  private final class PausingResponse extends HttpServletResponseWrapper {
    PausingResponse(HttpServletResponse response) {
      super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      return new PausingOutput(super.getOutputStream());
    }
  }

  private final class PausingOutput extends ServletOutputStream {
    private final ServletOutputStream output;

    PausingOutput(ServletOutputStream output) {
      this.output = output;
    }

    @Override
    public boolean isReady() {
      return output.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      output.setWriteListener(
          new WriteListener() {
            @Override
            public void onWritePossible() throws IOException {
              if (output.isReady()) {
                output.flush();
                head.countDown();
              }
            }

            @Override
            public void onError(Throwable failure) {
              listener.onError(failure);
            }
          });
    }

    @Override
    public void write(int b) throws IOException {
      output.write(b);
    }
  }
}
