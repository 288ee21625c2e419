package io.github.bmcgateway.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.JettyFront;
import io.github.bmcgateway.testing.RawClient;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorPageTest {

  /** Fails as the path says. */
  private static final class Failing extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      switch (request.getRequestURI()) {
        case "/thrown" -> throw new IllegalStateException("secret");
        case "/refused" -> response.sendError(422, "secret");
        case "/method" -> response.sendError(405, "secret");
        default -> response.sendError(503, "secret");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/thrown, 500, internal",
    "/refused, 400, bad_request",
    "/method, 405, method_not_allowed",
    "/failed, 500, internal"
  })
  void tellsNothingOfWhatFailed(String path, int status, String code) throws Exception {
    try (JettyFront front =
        JettyFront.start(
            context -> {
              ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
              errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, ErrorPage.PATH);
              context.setErrorHandler(errors);
              context.addServlet(ErrorPage.class, ErrorPage.PATH);
              context.addServlet(new Failing(), "/*");
            })) {
      try (RawClient browser = new RawClient(front.port())) {
        RawClient.Answer answer = browser.get(path, "");

        assertEquals(status, answer.status());
        assertTrue(answer.text().startsWith("{\"error\":\"" + code + "\""), answer::text);
        assertTrue(!answer.text().contains("secret"), answer::text);
      }
    }
  }

  @Test
  void isWhereTheContainerIsToldToSendErrors() throws IOException {
    String descriptor = Files.readString(Path.of("src/main/webapp/WEB-INF/web.xml"));

    assertTrue(descriptor.contains("<location>" + ErrorPage.PATH + "</location>"), descriptor);
  }
}
