package io.github.bmcgateway.config;

/** How another gateway is spoken with. */
public enum UpstreamProtocol {
  /** A gateway of this kind: the browser's request, with forwarding headers. */
  NATIVE,
  /** pmproxy's own gateway, by pmproxy's wire protocol. */
  PMPROXY
}
