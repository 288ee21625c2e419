package io.github.bmcgateway.policy;

import io.github.bmcgateway.ops.Audit;
import io.github.bmcgateway.ops.AuditLine;
import io.github.bmcgateway.ops.AuditLine.Text;
import io.github.bmcgateway.policy.Revocations.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts revocations in force: from then on the tokens open nothing, and what runs under them is cut
 * before this returns. Safe for use by several threads.
 */
public final class Revoker {
  private static final Logger LOG = LoggerFactory.getLogger(Revoker.class);

  private final Revocations revocations;
  private final LiveSessions sessions;
  private final Audit audit;

  public Revoker(Revocations revocations, LiveSessions sessions, Audit audit) {
    this.revocations = revocations;
    this.sessions = sessions;
    this.audit = audit;
  }

  /** Puts one in force that nobody asked for just now. */
  public Outcome revoke(Revocation revocation) {
    return revoke(revocation, new AuditLine(AuditLine.Event.REVOKED));
  }

  /**
   * Puts one in force.
   *
   * @param line what is known of who asked for it; completed here and told when it is in force
   */
  public Outcome revoke(Revocation revocation, AuditLine line) {
    Outcome outcome = revocations.add(revocation);
    if (outcome == Outcome.ADDED) {
      audit.tell(
          line.with(field(revocation), revocation.value()).with(Text.REASON, revocation.reason()));
      int cut = sessions.endRevoked();
      LOG.info("Tokens revoked by {}; running work ended: {}", revocation.kind().label(), cut);
    } else if (outcome == Outcome.FULL) {
      LOG.error(
          "NOT revoked: there is no room for another revocation. A new token key ends all tokens.");
    }
    return outcome;
  }

  private static Text field(Revocation revocation) {
    return switch (revocation.kind()) {
      case JTI -> Text.JTI;
      case SUB -> Text.SUB;
      case BMC -> Text.BMC;
    };
  }
}
