package io.github.bmcgateway.relay;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.http.HttpFields;

/**
 * The headers for a gateway of this kind: the browser's, its session with them, and what a proxy
 * says of a browser. The other gateway believes that if this one is among its trusted proxies.
 */
final class NativeHeaders {
  /** Only trusted proxies are believed in this one, and no BMC ever sees it. */
  static final String REQUEST = "X-Forwarded-Request-Id";

  private NativeHeaders() {}

  static void add(HttpServletRequest browser, BmcRequest to, HttpFields.Mutable headers) {
    Hop hop = Hop.of(browser);
    PublicOrigin origin = to.origin();
    headers.put("X-Forwarded-For", hop.client());
    headers.put("X-Forwarded-Host", origin.authority());
    headers.put("X-Forwarded-Port", Integer.toString(origin.port()));
    headers.put("X-Forwarded-Proto", origin.scheme());
    headers.put(REQUEST, hop.request());
  }
}
