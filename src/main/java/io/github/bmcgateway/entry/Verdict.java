package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.token.Grant;

/** Whether tokens open the gateway. */
sealed interface Verdict {
  /** They do, to this BMC. */
  record Admitted(Grant grant, Bmc bmc) implements Verdict {}

  /** They don't. */
  record Refused(Failure failure) implements Verdict {}
}
