package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Http2Client;
import io.github.bmcgateway.testing.ScriptedBmc;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

class Http2FrontTest {
  @Test
  void aBodyWithoutLengthArrivesWholeAndWithItsLength() throws Exception {
    AtomicReference<byte[]> received = new AtomicReference<>();
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  received.set(exchange.body());
                  exchange.ok("", "stored");
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        Http2Client browser = Http2Client.start()) {
      byte[] body = new byte[30_000];
      java.util.Arrays.fill(body, (byte) 'b');
      AsyncRequestContent content = new AsyncRequestContent();
      Request request =
          browser.http().newRequest(gateway.origin() + "/u").method("POST").body(content);
      var answer = new CompletableResponseListener(request).send();
      content.write(ByteBuffer.wrap(body), Callback.NOOP);
      content.close();

      ContentResponse response = answer.get(10, TimeUnit.SECONDS);
      assertEquals(HttpVersion.HTTP_2, response.getVersion());
      assertEquals("stored", response.getContentAsString());
      assertArrayEquals(body, received.get());
      assertEquals(List.of("30000"), bmc.last().values("Content-Length"));
      assertEquals(List.of(), bmc.last().values("Transfer-Encoding"));
    }
  }

  @Test
  void aBodyWithLengthAndAnEmptyOneArrive() throws Exception {
    AtomicReference<byte[]> received = new AtomicReference<>();
    try (ScriptedBmc bmc =
            ScriptedBmc.start(
                exchange -> {
                  received.set(exchange.body());
                  exchange.ok("", "");
                });
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        Http2Client browser = Http2Client.start()) {
      byte[] body = "user=a&password=b".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      browser.http().POST(gateway.origin() + "/l").body(new BytesRequestContent(body)).send();
      assertArrayEquals(body, received.get());

      browser.http().POST(gateway.origin() + "/l").send();
      assertEquals(List.of("0"), bmc.last().values("Content-Length"));
    }
  }

  @Test
  void cookieCrumbsBecomeOneLineAndNamesTheirUsualSpelling() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""));
        ProxyFixture gateway = ProxyFixture.to(bmc.port());
        Http2Client browser = Http2Client.start()) {
      browser
          .http()
          .newRequest(gateway.origin() + "/a//b,c?[1],")
          .headers(
              headers ->
                  headers
                      .add(new HttpField("cookie", "a=1"))
                      .add(new HttpField("cookie", "pm-session=secret"))
                      .add(new HttpField("cookie", "-http-session-=1::http.session::ab"))
                      .add(new HttpField("xsrf-token", "t"))
                      .add(new HttpField("if-none-match", "\"x\"")))
          .send();

      assertEquals("GET /a//b,c?[1], HTTP/1.1", bmc.last().requestLine());
      assertEquals(List.of("a=1; -http-session-=1::http.session::ab"), bmc.last().values("Cookie"));
      assertEquals(List.of("t"), bmc.last().values("Xsrf-Token"));
      assertEquals(List.of("\"x\""), bmc.last().values("If-None-Match"));
      assertFalse(bmc.last().head().contains("secret"));
    }
  }

  @Test
  void aStreamThatTheBrowserResetsLetsTheBmcGo() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.in().read());
        ProxyFixture gateway = ProxyFixture.patient(bmc.port());
        Http2Client browser = Http2Client.start()) {
      Request request = browser.http().newRequest(gateway.origin() + "/slow");
      var answer = new CompletableResponseListener(request).send();
      Eventually.holds("asked", () -> bmc.exchanges().size() == 1);
      request.abort(new java.io.IOException("left"));

      Eventually.holds("connection released", () -> bmc.openConnections() == 0);
      Eventually.holds("the browser has left", answer::isCompletedExceptionally);
    }
  }
}
