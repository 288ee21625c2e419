package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront;
import io.github.bmcgateway.testing.RawClient;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FormBodyTest {
  private static final String HEAD =
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
  private static final long SHORT_MILLIS = 300;

  private final List<String> forms = new CopyOnWriteArrayList<>();
  private final AtomicInteger reading = new AtomicInteger();
  private JettyFront front;

  @BeforeEach
  void start() throws Exception {
    front =
        JettyFront.start(
            context -> {
              ServletHolder holder = new ServletHolder(new Reader());
              holder.setAsyncSupported(true);
              context.addServlet(holder, "/*");
            });
  }

  @AfterEach
  void stop() throws Exception {
    front.close();
  }

  @Test
  void aFormThatComesInPiecesIsReadWhole() throws Exception {
    try (RawClient client = new RawClient(front.port())) {
      client.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\ntok\r\n");
      client.send("4\r\nen=1\r\n");
      client.send("0\r\n\r\n");
      assertEquals(200, client.answer().status());
    }
    assertEquals(List.of("token=1"), forms);
  }

  @Test
  void aFormThatNeverEndsIsGivenUp() throws Exception {
    try (RawClient client = new RawClient(front.port())) {
      client.send(HEAD + "Content-Length: 100\r\n\r\ntoken=");
      assertEquals(400, client.answer().status());
    }
    assertEquals(List.of(), forms);
  }

  @Test
  void aFormThatGrowsTooLongIsRefusedWhileItComes() throws Exception {
    try (RawClient client = new RawClient(front.port())) {
      String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
      client.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk);
      assertEquals(413, client.answer().status());
    }
    assertEquals(List.of(), forms);
  }

  @Test
  void aFormThatSaysItIsTooLongIsNotRead() throws Exception {
    try (RawClient client = new RawClient(front.port())) {
      client.send(HEAD + "Content-Length: 16385\r\n\r\n");
      assertEquals(413, client.answer().status());
    }
  }

  @Test
  void whatIsNoFormIsRefused() throws Exception {
    try (RawClient client = new RawClient(front.port())) {
      client.send(
          HEAD.replace("application/x-www-form-urlencoded", "multipart/form-data")
              + "Content-Length: 0\r\n\r\n");
      assertEquals(400, client.answer().status());
    }
  }

  @Test
  void aClientThatLeavesIsForgotten() throws Exception {
    try (RawClient client = new RawClient(front.port())) {
      client.send(HEAD + "Content-Length: 100\r\n\r\ntoken=");
      Eventually.holds("the form is being read", () -> reading.get() == 1);
    }
    try (RawClient client = new RawClient(front.port())) {
      client.send(HEAD + "Content-Length: 7\r\n\r\ntoken=2");
      assertEquals(200, client.answer().status());
    }
    assertTrue(forms.contains("token=2"));
  }

  private final class Reader extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      FormBody.read(
          request,
          response,
          form -> {
            forms.add(form);
            response.setStatus(200);
            response.setContentLength(0);
            return CompletableFuture.completedStage(null);
          },
          SHORT_MILLIS);
      reading.incrementAndGet();
    }
  }
}
