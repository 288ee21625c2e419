package io.github.bmcgateway.proxy.tls;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Looks every second for certificates that were accepted on the command line, for as long as its
 * client runs.
 */
final class StoreWatch implements LifeCycle.Listener {
  private static final long SECONDS = 1;

  private final CertificateCheck check;
  private volatile @Nullable Scheduler scheduler;

  StoreWatch(CertificateCheck check) {
    this.check = check;
  }

  @Override
  public void lifeCycleStarted(LifeCycle client) {
    scheduler = ((HttpClient) client).getScheduler();
    schedule();
  }

  @Override
  public void lifeCycleStopping(LifeCycle client) {
    scheduler = null;
  }

  private void schedule() {
    Scheduler running = scheduler;
    if (running != null) {
      running.schedule(this::look, SECONDS, TimeUnit.SECONDS);
    }
  }

  private void look() {
    check.refresh();
    schedule();
  }
}
