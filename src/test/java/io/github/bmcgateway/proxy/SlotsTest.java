package io.github.bmcgateway.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.proxy.Slots.Slot;
import io.github.bmcgateway.testing.Eventually;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may open a connection to a BMC, and what is closed for it. */
class SlotsTest {
  private static final String PLACE = "a BMC";

  private final ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler();
  private final Slots slots = new Slots(Duration.ofHours(1));
  private final List<String> log = new ArrayList<>();

  @BeforeEach
  void start() {
    LifeCycle.start(timer);
  }

  @AfterEach
  void stop() {
    LifeCycle.stop(timer);
  }

  /** A pool whose connections are said to be unused. */
  private final class Pool implements Slots.Pool {
    private final String name;
    private final int bears;
    private final long since;
    private final Deque<Slot> unused = new ArrayDeque<>();

    Pool(String name, int bears, int unusedMinutes) {
      this.name = name;
      this.bears = bears;
      this.since = System.nanoTime() - Duration.ofMinutes(unusedMinutes).toNanos();
      slots.join(PLACE, this);
    }

    @Override
    public int bears() {
      return bears;
    }

    @Override
    public long unusedSince() {
      return since;
    }

    @Override
    public boolean giveUp() {
      if (unused.isEmpty()) {
        return false;
      }
      log.add(name + " gives up");
      unused.remove().close();
      return true;
    }
  }

  private final class Opening implements Slots.Opener {
    private final String name;
    private Slot slot = () -> {};

    Opening(String name) {
      this.name = name;
    }

    @Override
    public void open(Slot given) {
      slot = given;
      log.add(name + " opens");
    }

    @Override
    public void refuse() {
      log.add(name + " is refused");
    }
  }

  private Opening ask(String name) {
    Opening opening = new Opening(name);
    slots.acquire(PLACE, opening, timer);
    return opening;
  }

  @Test
  void oneMoreThanTheBmcBearsWaitsUntilOneIsClosed() {
    new Pool("pages", 2, 0);
    Opening first = ask("first");
    ask("second");
    ask("third");
    ask("fourth");
    assertEquals(List.of("first opens", "second opens"), log);
    first.slot.close();
    first.slot.close();
    assertEquals(List.of("first opens", "second opens", "third opens"), log);
    assertEquals(2, slots.open());
  }

  @Test
  void whatIsUnusedLongestIsClosedForIt() {
    Pool pages = new Pool("pages", 3, 10);
    Pool consoles = new Pool("consoles", 3, 20);
    pages.unused.add(ask("first").slot);
    consoles.unused.add(ask("second").slot);
    ask("third");
    ask("fourth");
    ask("fifth");
    assertEquals(
        List.of("consoles gives up", "fourth opens", "pages gives up", "fifth opens"),
        log.subList(3, log.size()));
    assertEquals(3, slots.open());
  }

  @Test
  void whatBecomesUnusedIsClosedForWhoWaits() {
    Pool pages = new Pool("pages", 1, 0);
    Opening first = ask("first");
    ask("second");
    slots.spare(PLACE);
    assertEquals(List.of("first opens"), log);
    pages.unused.add(first.slot);
    slots.spare(PLACE);
    slots.spare(PLACE);
    assertEquals(List.of("first opens", "pages gives up", "second opens"), log);
  }

  @Test
  void aPoolThatKnowsNoBoundIsUnderThatOfOthers() {
    new Pool("detection", 0, 0);
    ask("first");
    ask("second");
    Pool pages = new Pool("pages", 2, 0);
    ask("third");
    assertEquals(List.of("first opens", "second opens"), log);
    slots.leave(PLACE, pages);
    assertEquals(List.of("first opens", "second opens", "third opens"), log);
  }

  @Test
  void oneBmcsConnectionsAreNotAnothers() {
    new Pool("pages", 1, 0);
    ask("first");
    Opening other = new Opening("other");
    slots.acquire("another BMC", other, timer);
    assertEquals(List.of("first opens", "other opens"), log);
  }

  @Test
  void whoWaitsTooLongIsRefused() {
    Slots hasty = new Slots(Duration.ofMillis(50));
    Pool pages = new Pool("pages", 1, 0);
    hasty.join(PLACE, pages);
    Opening first = new Opening("first");
    hasty.acquire(PLACE, first, timer);
    List<String> told = new java.util.concurrent.CopyOnWriteArrayList<>();
    hasty.acquire(
        PLACE,
        new Slots.Opener() {
          @Override
          public void open(Slot slot) {
            told.add("opens");
          }

          @Override
          public void refuse() {
            told.add("is refused");
          }
        },
        timer);
    Eventually.holds("it is refused", () -> told.contains("is refused"));
    first.slot.close();
    assertEquals(List.of("is refused"), told);
    assertEquals(0, hasty.open());
  }
}
