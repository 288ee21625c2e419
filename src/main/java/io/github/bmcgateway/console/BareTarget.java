package io.github.bmcgateway.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An upgrade without its target, for the container: Jetty and Tomcat parse the target of an upgrade
 * as a URI and fail on the {@code |} and {@code [} of BMC pages, though nothing looks at the
 * result.
 */
final class BareTarget extends HttpServletRequestWrapper {
  BareTarget(HttpServletRequest request) {
    super(request);
  }

  @Override
  public String getRequestURI() {
    return "/";
  }

  @Override
  public StringBuffer getRequestURL() {
    return new StringBuffer("https://gateway/");
  }

  @Override
  public String getServletPath() {
    return "/";
  }

  @Override
  public @Nullable String getPathInfo() {
    return null;
  }

  @Override
  public @Nullable String getQueryString() {
    return null;
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return Map.of();
  }
}
