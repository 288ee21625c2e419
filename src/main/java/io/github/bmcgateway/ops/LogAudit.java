package io.github.bmcgateway.ops;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the audit to the log category {@code audit}. Safe for use by several threads. */
public final class LogAudit implements Audit {
  private static final Logger LOG = LoggerFactory.getLogger("audit");

  private final Clock clock;

  public LogAudit(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void tell(AuditLine line) {
    LOG.info(line.toJson(clock.instant()));
  }
}
