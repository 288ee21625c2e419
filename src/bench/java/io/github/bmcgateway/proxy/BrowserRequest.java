package io.github.bmcgateway.proxy;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import org.eclipse.jetty.http.HttpFields;

/** A request that consists of its head. */
final class BrowserRequest extends HttpServletRequestWrapper {
  private final HttpFields headers;

  BrowserRequest(HttpFields headers) {
    super(nothing());
    this.headers = headers;
  }

  private static HttpServletRequest nothing() {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            BrowserRequest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }

  @Override
  public String getHeader(String name) {
    return headers.get(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return headers.getValues(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(headers.getFieldNamesCollection());
  }
}
