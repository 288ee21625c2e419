package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.Edit;
import io.github.bmcgateway.target.VendorProfile.Transform;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The literal edits of vendor profiles. An edit whose literal a BMC's file doesn't hold, as with
 * other firmware, is logged once. Safe for use by several threads.
 */
final class Edits {
  private static final Logger LOG = LoggerFactory.getLogger(Edits.class);

  /** No more than the profiles hold. */
  private final Set<Edit> reported = ConcurrentHashMap.newKeySet();

  static List<Literal> literals(List<Edit> edits) {
    return edits.stream()
        .map(edit -> Literal.of(edit.find(), edit.replaceWith(), Follow.ANYTHING))
        .toList();
  }

  /** Logs those of the edits that a body had no place for; their literals are the first. */
  Consumer<BitSet> reporting(Transform transform, BmcRequest request) {
    return found -> {
      for (int index = 0; index < transform.edits().size(); index++) {
        if (!found.get(index)) {
          report(transform.edits().get(index), transform, request);
        }
      }
    };
  }

  private void report(Edit edit, Transform transform, BmcRequest request) {
    if (reported.add(edit)) {
      LOG.warn(
          "{} at {}: {} doesn't hold \"{}\", so it stays as it is; another firmware?",
          request.bmc().profile().title(),
          request.bmc().address().authority(),
          transform.path(),
          edit.find());
    }
  }
}
