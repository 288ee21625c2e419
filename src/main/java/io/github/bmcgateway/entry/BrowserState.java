package io.github.bmcgateway.entry;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a BMC's pages left behind in a browser, and its removal before another BMC's pages come
 * under the same host. Immutable; safe for use by several threads.
 */
final class BrowserState {
  private final SessionCookies cookies;
  private final List<String> vendorCookies;

  /**
   * @param vendorCookies names that the vendors' pages use; the browser doesn't send those that
   *     belong to a deeper path
   */
  BrowserState(SessionCookies cookies, Collection<String> vendorCookies) {
    this.cookies = cookies;
    this.vendorCookies = List.copyOf(vendorCookies);
  }

  /** Has the browser drop its cache, its storage with the service workers, and the cookies. */
  void clear(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Clear-Site-Data", "\"cache\", \"storage\"");
    Set<String> names = new LinkedHashSet<>(cookies.otherNames(request));
    names.addAll(vendorCookies);
    for (String name : names) {
      response.addHeader("Set-Cookie", SessionCookies.expire(name));
    }
  }
}
