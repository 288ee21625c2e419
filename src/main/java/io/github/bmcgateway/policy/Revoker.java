package io.github.bmcgateway.policy;

import io.github.bmcgateway.policy.Revocations.Outcome;
import java.util.function.Consumer;
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
  private final Consumer<Revocation> told;

  /**
   * @param told learns of each revocation that is put in force
   */
  public Revoker(Revocations revocations, LiveSessions sessions, Consumer<Revocation> told) {
    this.revocations = revocations;
    this.sessions = sessions;
    this.told = told;
  }

  /** Puts one in force. */
  public Outcome revoke(Revocation revocation) {
    Outcome outcome = revocations.add(revocation);
    if (outcome == Outcome.ADDED) {
      told.accept(revocation);
      int cut = sessions.endRevoked();
      LOG.info("Tokens revoked by {}; running work ended: {}", revocation.kind().label(), cut);
    } else if (outcome == Outcome.FULL) {
      LOG.error(
          "NOT revoked: there is no room for another revocation. A new token key ends all tokens.");
    }
    return outcome;
  }
}
