package io.github.bmcgateway.target;

/**
 * One request that was let in: what the entry hands on to the proxy and to the console. Everything
 * that decides where it goes comes from the token, nothing from the request.
 *
 * @param bmc the BMC it goes to
 * @param target the request target for the BMC, path and query, byte for byte as the browser sent
 *     it
 * @param origin the public origin that the browser sees
 * @param session the session it runs under
 */
public record BmcRequest(Bmc bmc, String target, PublicOrigin origin, LiveSession session) {
  /** The same request, now that the BMC's vendor is known. */
  public BmcRequest of(VendorProfile vendor) {
    return new BmcRequest(bmc.of(vendor), target, origin, session);
  }

  /** Name of the servlet request attribute that holds the {@code BmcRequest}. */
  public static final String ATTRIBUTE = BmcRequest.class.getName();
}
