package io.github.bmcgateway.target;

import java.util.Optional;

/**
 * One request that was let in: what the entry hands on to the proxy and to the console. Everything
 * that decides where it goes comes from the token, nothing from the request.
 *
 * @param bmc the BMC it goes to
 * @param target the request target for the BMC, path and query, byte for byte as the browser sent
 *     it
 * @param origin the public origin that the browser sees
 * @param session the session it runs under
 * @param upstream the gateway that it is relayed to, which knows the BMC; empty when it goes to the
 *     BMC from here
 */
public record BmcRequest(
    Bmc bmc, String target, PublicOrigin origin, LiveSession session, Optional<Upstream> upstream) {
  /** A request that goes to the BMC from here. */
  public BmcRequest(Bmc bmc, String target, PublicOrigin origin, LiveSession session) {
    this(bmc, target, origin, session, Optional.empty());
  }

  /** The same request, now that the BMC's vendor is known. */
  public BmcRequest of(VendorProfile vendor) {
    return new BmcRequest(bmc.of(vendor), target, origin, session, upstream);
  }

  /** What bounds it: of a BMC that is another gateway's business, nothing does here. */
  public BmcGate gate(BmcGate ofBmcs) {
    return upstream.isPresent() ? BmcGate.OPEN : ofBmcs;
  }

  /** Name of the servlet request attribute that holds the {@code BmcRequest}. */
  public static final String ATTRIBUTE = BmcRequest.class.getName();
}
