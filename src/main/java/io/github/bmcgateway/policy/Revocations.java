package io.github.bmcgateway.policy;

import java.util.List;

/**
 * The tokens that were taken back before their time. Implementations are safe for use by several
 * threads, and answer from memory: whoever shares revocations among nodes brings them here ahead of
 * the question.
 */
public interface Revocations {
  /** What became of a revocation. */
  enum Outcome {
    /** It is in force. */
    ADDED,
    /** One that reaches as far was in force already. */
    KNOWN,
    /** No token that it could mean can be alive any more. */
    OUTDATED,
    /** It is not in force: there is no room for another one. */
    FULL
  }

  /** Puts a revocation in force until no token that it means can be alive any more. */
  Outcome add(Revocation revocation);

  /** Whether a session's token was taken back. */
  boolean isRevoked(SessionFacts session);

  /** The revocations in force, in no particular order. */
  List<Revocation> current();
}
