package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.Upstream;
import io.github.bmcgateway.token.Grant;
import java.util.Optional;

/** Whether tokens open the gateway. */
sealed interface Verdict {
  /**
   * They do, to this BMC.
   *
   * @param upstream the gateway that serves the BMC, if it isn't this one
   */
  record Admitted(Grant grant, Bmc bmc, Optional<Upstream> upstream) implements Verdict {
    /** The vendor, if it was said or found out. */
    Optional<String> vendor() {
      return bmc.vendorKnown() ? Optional.of(bmc.profile().name()) : grant.vendor();
    }
  }

  /**
   * They don't.
   *
   * @param reason why, for the audit only
   * @param bearer whose token it was, if its signature is good; for the audit only
   */
  record Refused(Failure failure, Optional<String> reason, Optional<Bearer> bearer)
      implements Verdict {
    /** For a reason that the failure tells. */
    Refused(Failure failure) {
      this(failure, Optional.empty(), Optional.empty());
    }

    /** For a reason that only the audit learns. */
    Refused(Failure failure, String reason) {
      this(failure, Optional.of(reason), Optional.empty());
    }

    /** The same, of a token that says this. */
    Refused of(Grant grant, Optional<String> vendor) {
      return new Refused(failure, reason, Optional.of(new Bearer(grant, vendor)));
    }
  }

  /**
   * What a signed token says that opens nothing.
   *
   * @param vendor the BMC's, if it was said or found out
   */
  record Bearer(Grant grant, Optional<String> vendor) {}
}
