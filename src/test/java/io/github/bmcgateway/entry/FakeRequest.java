package io.github.bmcgateway.entry;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request as far as the entry's rules look at it: method, headers, and the container's view. */
final class FakeRequest {
  private final Map<String, List<String>> headers = new LinkedHashMap<>();
  private final Map<String, Object> values =
      new LinkedHashMap<>(
          Map.of(
              "getMethod", "GET",
              "getProtocol", "HTTP/1.1",
              "getRequestURI", "/",
              "getScheme", "https",
              "getServerName", "pm.example.com",
              "getServerPort", 443,
              "getRemoteAddr", "198.51.100.7"));

  static FakeRequest of(String method) {
    return new FakeRequest().with("getMethod", method);
  }

  static FakeRequest get() {
    return of("GET");
  }

  /** Sets what a method without parameters returns. */
  FakeRequest with(String method, Object value) {
    values.put(method, value);
    return this;
  }

  FakeRequest header(String name, String value) {
    if (value != null) {
      headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(value);
    }
    return this;
  }

  HttpServletRequest request() {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) {
    if (method.getName().equals("getHeader") || method.getName().equals("getHeaders")) {
      List<String> all =
          headers.getOrDefault(((String) arguments[0]).toLowerCase(Locale.ROOT), List.of());
      boolean one = method.getName().equals("getHeader");
      return one ? (all.isEmpty() ? null : all.get(0)) : Collections.enumeration(all);
    }
    if (!values.containsKey(method.getName())) {
      throw new UnsupportedOperationException(method.getName());
    }
    return values.get(method.getName());
  }
}
