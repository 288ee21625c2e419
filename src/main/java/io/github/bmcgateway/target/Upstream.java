package io.github.bmcgateway.target;

import io.github.bmcgateway.config.UpstreamProtocol;

/**
 * Another gateway, nearer to a BMC.
 *
 * @param host its host name, or its address (IPv6 in brackets), in lower case
 * @param port where it is reached
 * @param protocol how it is spoken with
 */
public record Upstream(String host, int port, UpstreamProtocol protocol) {
  /** Its authority, for {@code Host}. */
  public String authority() {
    return port == 443 ? host : host + ":" + port;
  }

  /** Whether it knows all that a token can say, and sees to it. */
  public boolean isNative() {
    return protocol == UpstreamProtocol.NATIVE;
  }
}
