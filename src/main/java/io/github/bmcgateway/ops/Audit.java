package io.github.bmcgateway.ops;

/**
 * Where it is written down who did what. Implementations are safe for use by several threads, and
 * never wait.
 */
@FunctionalInterface
public interface Audit {
  /** Writes one line. */
  void tell(AuditLine line);
}
