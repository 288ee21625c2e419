package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.Test;

/** The clock that all consoles share. */
class ConsolesTest {
  private static final Timing TIMING =
      new Timing(
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(3));

  /** Keeps what is planned for the test to run. */
  private static final class ManualScheduler extends ScheduledExecutorScheduler {
    private final List<Runnable> planned = new ArrayList<>();

    @Override
    public Task schedule(Runnable task, long delay, TimeUnit unit) {
      planned.add(task);
      return () -> false;
    }

    void run() {
      List<Runnable> due = List.copyOf(planned);
      planned.clear();
      due.forEach(Runnable::run);
    }
  }

  @Test
  void oneThatFailsDoesNotStopTheClockOfAll() {
    ManualScheduler scheduler = new ManualScheduler();
    Consoles consoles = new Consoles(TIMING, scheduler, new TcpTable(List.of()));
    List<String> pinged = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      Bridge bridge = consoles.create(Bounds.NONE);
      consoles.keep(bridge, () -> {});
      bridge.browserOpened(
          new Pinged(
              () -> {
                pinged.add(name);
                throw new IllegalStateException("broken");
              }));
    }
    scheduler.run();
    assertEquals(3, pinged.size());
    scheduler.run();
    assertEquals(6, pinged.size());
  }

  private record Pinged(Runnable on) implements BrowserSocket {
    @Override
    public void send(Part part, Sent sent) {}

    @Override
    public void ping() {
      on.run();
    }

    @Override
    public void close(Close close) {}

    @Override
    public void abort() {}
  }
}
