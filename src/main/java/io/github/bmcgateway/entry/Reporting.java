package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.ops.Audit;
import io.github.bmcgateway.ops.FileAudit;
import io.github.bmcgateway.ops.LogAudit;
import io.github.bmcgateway.ops.Metrics;
import io.github.bmcgateway.ops.Reloads;
import java.time.Clock;
import java.util.Optional;

/**
 * What a gateway tells its operator. Safe for use by several threads.
 *
 * @param reloads what became of changed settings
 * @param audit counts its lines among the metrics
 * @param auditFile where the audit goes, if to a file of the gateway's own
 */
record Reporting(Metrics metrics, Reloads reloads, Audit audit, Optional<FileAudit> auditFile)
    implements AutoCloseable {

  static Reporting open(GatewayConfig.Ops config, Clock clock) {
    Metrics metrics = new Metrics();
    Optional<FileAudit> file =
        config.auditLog().map(log -> FileAudit.open(log, FileAudit.Rotation.STANDARD, clock));
    Audit audit = file.<Audit>map(log -> log).orElseGet(() -> new LogAudit(clock));
    return new Reporting(metrics, new Reloads(clock), metrics.counting(audit), file);
  }

  @Override
  public void close() {
    auditFile.ifPresent(FileAudit::close);
    metrics.close();
  }
}
