package io.github.bmcgateway.console;

import io.github.bmcgateway.ops.AuditLine.Count;
import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.AuditLine.Text;
import io.github.bmcgateway.ops.RequestAudit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the audit is told of one console. Safe for use by several threads. */
final class ConsoleAudit {
  private final RequestAudit trail;
  private final AtomicBoolean started = new AtomicBoolean();

  ConsoleAudit(RequestAudit trail) {
    this.trail = trail;
  }

  /** The BMC was asked for a socket. */
  void asked() {
    trail.relayed();
  }

  /** The browser gets a socket. */
  void started() {
    trail.becameConsole();
    started.set(true);
    trail.tell(trail.line(Event.CONSOLE_START));
  }

  /** The console is over, or has come to nothing. */
  void over(Traffic traffic) {
    if (started.compareAndSet(true, false)) {
      trail.consoleOver(traffic.closeCode());
      trail.tell(
          trail
              .line(Event.CONSOLE_END)
              .with(Count.BYTES_IN, traffic.bytesFromBrowser())
              .with(Count.BYTES_OUT, traffic.bytesFromBmc())
              .with(Count.MS, trail.millis())
              .with(Text.REASON, Integer.toString(traffic.closeCode())));
    }
  }
}
