package io.github.bmcgateway.gateway;

import io.github.bmcgateway.ops.OwnAnswers;
import io.github.bmcgateway.proxy.BmcProxyServlet;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.ScriptedBmc;
import io.github.bmcgateway.testing.Tokens;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;

/** Clients that ask for much and take nothing. */
class StalledAnswersTest {
  private static final int STREAMS = 100;

  @Test
  void anOwnAnswerThatNobodyTakesHoldsNoThread() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.start(1)) {
      holdsNoThread(gateway, HttpFields.EMPTY, OwnAnswers.class);
    }
  }

  @Test
  void aSmallAnswerOfABmcThatNobodyTakesHoldsNoThread() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", "a".repeat(10_000)));
        GatewayFixture gateway = GatewayFixture.start(bmc.port())) {
      String cookie = "pm-session=" + Tokens.mint(bmc.port(), "generic");
      holdsNoThread(
          gateway, HttpFields.build().put(HttpHeader.COOKIE, cookie), BmcProxyServlet.class);
    }
  }

  private static void holdsNoThread(GatewayFixture gateway, HttpFields headers, Class<?> writer)
      throws Exception {
    AtomicInteger heads = new AtomicInteger();
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(new SslContextFactory.Client(/* trustAll= */ true));
    HTTP2Client client = new HTTP2Client(connector);
    client.start();
    try {
      Session session =
          client
              .connect(
                  connector.getSslContextFactory(),
                  new InetSocketAddress("127.0.0.1", gateway.port()),
                  new TakesNothing())
              .get(10, TimeUnit.SECONDS);
      for (int i = 0; i < STREAMS; i++) {
        session.newStream(get(gateway.port(), headers), new Counts(heads));
      }

      Eventually.holds(
          () -> heads.get() + " of " + STREAMS + " answers began", () -> heads.get() == STREAMS);
      Eventually.holds(() -> writing(writer) + " threads wait", () -> writing(writer) == 0);
    } finally {
      client.stop();
    }
  }

  private static long writing(Class<?> writer) {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            trace ->
                Arrays.stream(trace)
                    .anyMatch(frame -> frame.getClassName().startsWith(writer.getName())))
        .count();
  }

  private static HeadersFrame get(int port, HttpFields headers) {
    return new HeadersFrame(
        new MetaData.Request(
            "GET", HttpURI.from("https://localhost:" + port + "/"), HttpVersion.HTTP_2, headers),
        null,
        /* endStream= */ true);
  }

  private static final class TakesNothing implements Session.Listener {
    @Override
    public Map<Integer, Integer> onPreface(Session session) {
      return new HashMap<>(Map.of(SettingsFrame.INITIAL_WINDOW_SIZE, 0));
    }
  }

  private record Counts(AtomicInteger heads) implements Stream.Listener {
    @Override
    public void onHeaders(Stream stream, HeadersFrame frame) {
      heads.incrementAndGet();
    }
  }
}
