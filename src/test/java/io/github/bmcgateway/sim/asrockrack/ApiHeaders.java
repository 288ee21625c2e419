package io.github.bmcgateway.sim.asrockrack;

import io.github.bmcgateway.sim.RecordedRequest.Header;
import java.util.List;

/** The headers that AMI's configuration sets on every page and answer. */
final class ApiHeaders {

  static final List<Header> SECURITY =
      List.of(
          new Header("X-Frame-Options", "SAMEORIGIN"),
          new Header("Cache-Control", "no-store, no-cache, must-revalidate, private"),
          new Header("Pragma", "no-cache"),
          new Header("X-Content-Type-Options", "nosniff"),
          new Header("X-XSS-Protection", "1; mode=block"),
          new Header("Referrer-Policy", "no-referrer"),
          new Header(
              "Content-Security-Policy",
              "default-src 'self';object-src 'none';connect-src 'self' ws: wss:;"
                  + "style-src 'self';script-src 'self'; img-src 'self' blob:;"
                  + "frame-ancestors 'self';font-src 'self'"),
          new Header("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"));

  private ApiHeaders() {}

  /** An answer of the REST interface: JSON of unknown length. */
  static Answer.Reply json(int status, Object body) {
    return Answer.Reply.of(status, "application/json", JsonText.of(body)).with(SECURITY).inChunks();
  }
}
