package io.github.bmcgateway.proxy.tls;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Looks every second for certificates that were accepted on the command line, for as long as its
 * client runs.
 */
final class StoreWatch implements LifeCycle.Listener {
  private static final long SECONDS = 1;

  private final CertificateCheck check;
  private volatile @Nullable HttpClient running;

  StoreWatch(CertificateCheck check) {
    this.check = check;
  }

  @Override
  public void lifeCycleStarted(LifeCycle client) {
    running = (HttpClient) client;
    schedule();
  }

  @Override
  public void lifeCycleStopping(LifeCycle client) {
    running = null;
  }

  private void schedule() {
    HttpClient client = running;
    if (client != null) {
      // Not on the scheduler's own thread: every time-out waits while a disk hangs there.
      client
          .getScheduler()
          .schedule(() -> client.getExecutor().execute(this::look), SECONDS, TimeUnit.SECONDS);
    }
  }

  private void look() {
    check.refresh();
    schedule();
  }
}
