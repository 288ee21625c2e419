package io.github.bmcgateway.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.JettyFront;
import io.github.bmcgateway.testing.ReservedPort;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class JwkSetFetchTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Long enough for a slow machine not to reach it. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String PLANTED = "PLANTED";

  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private Duration timeout = PATIENCE;
  private JettyFront server;

  @BeforeEach
  void start() throws Exception {
    server = JettyFront.start(context -> context.addServlet(new ServletHolder(new Issuer()), "/*"));
  }

  @AfterEach
  void stop() throws Exception {
    ended.countDown();
    server.close();
  }

  @Test
  void aSetIsFetchedWithItsQuery() throws Exception {
    assertEquals("{\"keys\":\"v=1\"}", get("localhost", "/set?v=1", trusting()));
    assertEquals("{\"keys\":\"v=1\"}", get("127.0.0.1", "/set?v=1", trusting()));
  }

  @Test
  void aRedirectIsNotFollowed() {
    assertEquals("the answer has status 302", refused("localhost", "/away", trusting()));
    assertEquals(1, requests.get());
  }

  @Test
  void onlyA200IsAnAnswer() {
    assertEquals("the answer has status 404", refused("localhost", "/nothing", trusting()));
    assertEquals("the answer has status 204", refused("localhost", "/empty", trusting()));
  }

  @Test
  void anAnswerHasABoundedLength() throws Exception {
    assertEquals(JwkSets.MAX_BYTES, get("localhost", "/long", trusting()).length());
    refused("localhost", "/longer", trusting());
    refused("localhost", "/endless", trusting());
  }

  @Test
  void anAnswerThatTricklesEndsInTime() {
    timeout = TIMEOUT;
    long before = System.nanoTime();
    assertEquals("there was no whole answer in time", refused("localhost", "/trickle", trusting()));
    assertTrue(System.nanoTime() - before < TIMEOUT.toNanos() * 8);
  }

  @Test
  void aCertificateThatTheJvmDoesNotTrustIsRefused() {
    URI uri = URI.create(server.origin() + "/set");
    try (JwkSetFetch fetch = new JwkSetFetch(uri, timeout)) {
      String why = refused(() -> fetch.get().get(30, TimeUnit.SECONDS));
      assertTrue(why.startsWith("the server's certificate is not trusted"), why);
    }
    assertEquals(0, requests.get());
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    server.close();
    var keys = TestCertificates.selfSigned("other", "other.example");
    server =
        JettyFront.start(
            keys, context -> context.addServlet(new ServletHolder(new Issuer()), "/*"));
    SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setTrustStore(keys);
    String why = refused("localhost", "/set", tls);
    assertTrue(why.startsWith("the server's certificate is not trusted"), why);
  }

  @Test
  void aServerThatIsntThereIsAFailure() throws Exception {
    try (ReservedPort closed = new ReservedPort()) {
      URI uri = URI.create("https://localhost:" + closed.port() + "/" + PLANTED);
      assertFalse(refused(uri, trusting()).contains(PLANTED));
    }
  }

  private static SslContextFactory.Client trusting() {
    return new SslContextFactory.Client(/* trustAll= */ true);
  }

  private String get(String host, String target, SslContextFactory.Client tls) throws Exception {
    return get(URI.create("https://" + host + ":" + server.port() + target), tls);
  }

  private String get(URI uri, SslContextFactory.Client tls) throws Exception {
    try (JwkSetFetch fetch = new JwkSetFetch(uri, tls, timeout)) {
      return fetch.get().get(30, TimeUnit.SECONDS);
    }
  }

  private String refused(String host, String target, SslContextFactory.Client tls) {
    return refused(URI.create("https://" + host + ":" + server.port() + target), tls);
  }

  private String refused(URI uri, SslContextFactory.Client tls) {
    return refused(() -> get(uri, tls));
  }

  private static String refused(Executable fetch) {
    ExecutionException failed = assertThrows(ExecutionException.class, fetch);
    return assertInstanceOf(JwkSetFetch.FetchFailedException.class, failed.getCause()).getMessage();
  }

  private final class Issuer extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      requests.incrementAndGet();
      switch (request.getRequestURI()) {
        case "/set" ->
            response.getOutputStream().print("{\"keys\":\"" + request.getQueryString() + "\"}");
        case "/away" -> response.sendRedirect("/set");
        case "/empty" -> response.setStatus(204);
        case "/long" -> response.getOutputStream().write(new byte[JwkSets.MAX_BYTES]);
        case "/longer" -> response.getOutputStream().write(new byte[JwkSets.MAX_BYTES + 1]);
        case "/endless" -> write(response, new byte[64 * 1024], 0);
        case "/trickle" -> write(response, new byte[1], 50);
        default -> response.setStatus(404);
      }
    }

    private void write(HttpServletResponse response, byte[] part, long pauseMillis)
        throws IOException {
      for (int i = 0; i < 200; i++) {
        response.getOutputStream().write(part);
        response.flushBuffer();
        try {
          if (ended.await(pauseMillis, TimeUnit.MILLISECONDS)) {
            return;
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }
}
