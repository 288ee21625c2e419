package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.RequestAudit;
import io.github.bmcgateway.relay.Hop;
import io.github.bmcgateway.target.Upstream;
import jakarta.servlet.http.HttpServletRequest;

/** What is told another gateway of a browser's request. Immutable; safe for several threads. */
record Hops(ClientAddress clients, SessionCookies cookies) {
  /** Has a request that was admitted, and so has a good session cookie, ready to be relayed. */
  void prepare(HttpServletRequest request, Upstream upstream) {
    // All its session cookies are good, and of one BMC.
    String token = OnceProofs.token(cookies.tokens(request).get(0));
    String id = RequestAudit.of(request).id();
    new Hop(upstream, clients.of(request), id, token).attachTo(request);
  }
}
