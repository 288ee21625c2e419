package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.ops.OwnAnswers;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;

/** What a page says of a BMC, so that its user recognises it. */
final class BmcWords {
  private static final String NOT_KNOWN = "not yet known";

  private BmcWords() {}

  /** Rows of a description list, HTML. */
  static String rows(Bmc bmc) {
    BmcAddress address = bmc.address();
    String dialled = IpAddresses.formatHost(address.ip());
    return """
        <dt>Management controller</dt><dd>%s</dd>
        <dt>Address</dt><dd>%s</dd>
        <dt>Vendor</dt><dd>%s</dd>
        """
        .formatted(
            OwnAnswers.escape(address.authority()),
            OwnAnswers.escape(address.port() == 443 ? dialled : dialled + ":" + address.port()),
            OwnAnswers.escape(bmc.vendorKnown() ? bmc.profile().title() : NOT_KNOWN));
  }
}
