package io.github.bmcgateway.ops;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Takes the place of the container's error page, which names the exception, its class and the
 * server. Only reached by the container's dispatch of an error; thread-safe.
 */
public final class ErrorPage extends HttpServlet {
  /** Where {@code web.xml} has the container send its errors. */
  public static final String PATH = "/.gateway/failed";

  private static final long serialVersionUID = 1;
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    if (Integer.valueOf(Failure.METHOD_NOT_ALLOWED.status()).equals(status)) {
      // Tomcat's answer to TRACE.
      String allowed = response.getHeader("Allow");
      FailurePages.methodNotAllowed(request, response, allowed == null ? METHODS : allowed);
      return;
    }
    boolean refused = status instanceof Integer code && code >= 400 && code < 500;
    FailurePages.send(request, response, refused ? Failure.BAD_REQUEST : Failure.INTERNAL);
  }
}
