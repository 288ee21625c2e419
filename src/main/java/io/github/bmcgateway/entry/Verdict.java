package io.github.bmcgateway.entry;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.token.Grant;
import java.util.Optional;

/** Whether tokens open the gateway. */
sealed interface Verdict {
  /** They do, to this BMC. */
  record Admitted(Grant grant, Bmc bmc) implements Verdict {}

  /**
   * They don't.
   *
   * @param reason why, for the audit only
   */
  record Refused(Failure failure, Optional<String> reason) implements Verdict {
    /** For a reason that the failure tells. */
    Refused(Failure failure) {
      this(failure, Optional.empty());
    }

    /** For a reason that only the audit learns. */
    Refused(Failure failure, String reason) {
      this(failure, Optional.of(reason));
    }
  }
}
