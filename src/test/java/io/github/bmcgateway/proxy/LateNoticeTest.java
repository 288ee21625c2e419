package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.RawClient;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.ScriptedBmc.Exchange;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A container that tells that a write is through as soon as it may. */
class LateNoticeTest {
  private static final int FIRST_BYTES = 10;

  /** More than all that lies between. */
  private static final int BYTES = 24 << 20;

  private static final long SECONDS = 10;

  private final CountDownLatch more = new CountDownLatch(1);
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);

  @Test
  void anAnswerComesWholeThoughAWriteIsThroughBeforeTheWriterWaitsForThat() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(this::answer);
        ProxyFixture gateway = ProxyFixture.to(bmc.port(), hasty());
        RawClient browser = new RawClient(gateway.port())) {
      browser.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      while (!browser.line().isEmpty()) {
        // The head.
      }
      assertEquals(FIRST_BYTES, browser.in().readNBytes(FIRST_BYTES).length);
      more.countDown();
      assertTrue(stuck.await(SECONDS, TimeUnit.SECONDS), "stuck");
      assertEquals(BYTES, browser.in().readNBytes(BYTES).length);
    }
  }

  private void answer(Exchange exchange) throws IOException {
    exchange.say("HTTP/1.1 200 OK\r\nContent-Length: " + (FIRST_BYTES + BYTES) + "\r\n\r\n");
    exchange.out().write(new byte[FIRST_BYTES]);
    await(more);
    byte[] block = new byte[64 * 1024];
    for (int sent = 0; sent < BYTES; sent += block.length) {
      exchange.out().write(block);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Filter hasty() {
    return (request, response, chain) -> {
      HttpServletResponse answer = new HastyResponse((HttpServletResponse) response);
      chain.doFilter(new Wrapped((HttpServletRequest) request, answer), answer);
    };
  }

  /** Has what goes on in the background go on with the response, too. */
  private static final class Wrapped extends HttpServletRequestWrapper {
    private final HttpServletResponse answer;

    Wrapped(HttpServletRequest request, HttpServletResponse answer) {
      super(request);
      this.answer = answer;
    }

    @Override
    public AsyncContext startAsync() {
      return super.startAsync(this, answer);
    }
  }

  private final class HastyResponse extends HttpServletResponseWrapper {
    private final HastyOutput output;

    HastyResponse(HttpServletResponse response) throws IOException {
      super(response);
      output = new HastyOutput(response.getOutputStream());
    }

    @Override
    public ServletOutputStream getOutputStream() {
      return output;
    }
  }

  /**
   * Answers the first time that a write isn't through only when the listener has been told that it
   * is by now.
   */
  private final class HastyOutput extends ServletOutputStream {
    private final ServletOutputStream output;
    private final AtomicBoolean first = new AtomicBoolean(true);
    private final ThreadLocal<Boolean> telling = ThreadLocal.withInitial(() -> false);

    HastyOutput(ServletOutputStream output) {
      this.output = output;
    }

    @Override
    public boolean isReady() {
      boolean ready = output.isReady();
      // Who was told is told nothing more before he returns.
      if (!ready && !telling.get() && first.getAndSet(false)) {
        stuck.countDown();
        await(told);
      }
      return ready;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      output.setWriteListener(
          new WriteListener() {
            @Override
            public void onWritePossible() throws IOException {
              telling.set(true);
              listener.onWritePossible();
              telling.set(false);
              if (stuck.getCount() == 0) {
                told.countDown();
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

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      output.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      output.flush();
    }
  }
}
