package io.github.bmcgateway.policy;

import io.github.bmcgateway.target.Bmc;
import java.net.InetAddress;

/** A BMC by where it is dialled: the names that tokens give it make no difference to it. */
record BmcPlace(InetAddress ip, int port) {
  static BmcPlace of(Bmc bmc) {
    return new BmcPlace(bmc.address().ip(), bmc.address().port());
  }
}
