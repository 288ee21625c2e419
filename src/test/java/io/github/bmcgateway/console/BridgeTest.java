package io.github.bmcgateway.console;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.LiveSession.End;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The state machine alone: what each event does in each state. */
class BridgeTest {
  private static final Timing TIMING =
      new Timing(
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(25),
          Duration.ofSeconds(1));

  private static final Timing PATIENT =
      new Timing(TIMING.handshake(), TIMING.ping(), Duration.ofSeconds(295), TIMING.close());

  private final List<String> log = new ArrayList<>();
  private final Deque<Sent> toBrowser = new ArrayDeque<>();
  private final Deque<Sent> toBmc = new ArrayDeque<>();
  private final List<Runnable> timers = new ArrayList<>();
  private final Bridge bridge = new Bridge(TIMING, (delay, task) -> timers.add(task), Bounds.NONE);

  @BeforeEach
  void dial() {
    bridge.onOver(() -> log.add("over"));
    bridge.dialling(new Bmc());
  }

  private void open() {
    bridge.browserOpened(new Browser());
    assertEquals(Bridge.State.OPEN, bridge.state());
    assertLog("bmc demand");
  }

  private void assertLog(String... entries) {
    assertEquals(List.of(entries), log);
    log.clear();
  }

  private static Part part(String text) {
    return new Part(
        Part.Kind.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), /* last= */ true);
  }

  @Test
  void nothingOfAMessageOverTheBoundIsSent() {
    Bridge bounded = new Bridge(TIMING, (delay, task) -> timers.add(task), new Bounds(4, false));
    bounded.dialling(new Bmc());
    bounded.browserOpened(new Browser());
    log.clear();

    bounded.fromBrowser(piece("abc", false), new ToBmcDone());
    bounded.fromBrowser(piece("de", true), new ToBmcDone());

    assertLog("browser close 1009", "bmc close 1009");
  }

  @Test
  void aMessageOfJustTheBoundIsSentWhole() {
    Bridge bounded = new Bridge(TIMING, (delay, task) -> timers.add(task), new Bounds(4, false));
    bounded.dialling(new Bmc());
    bounded.browserOpened(new Browser());
    log.clear();

    bounded.fromBrowser(piece("abc", false), new ToBmcDone());
    bounded.fromBrowser(piece("d", true), new ToBmcDone());

    assertLog("bmc abcd");
  }

  private static Part piece(String text, boolean last) {
    return new Part(Part.Kind.BINARY, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), last);
  }

  private static final class ToBmcDone implements Sent {
    @Override
    public void sent() {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  private final class Bmc implements BmcSocket {
    @Override
    public void demand() {
      log.add("bmc demand");
    }

    @Override
    public void send(Part part, Sent sent) {
      log.add("bmc " + StandardCharsets.UTF_8.decode(part.bytes()));
      toBmc.add(sent);
    }

    @Override
    public void close(Close close) {
      log.add("bmc close " + close.code());
    }

    @Override
    public void abort() {
      log.add("bmc abort");
    }
  }

  private final class Browser implements BrowserSocket {
    @Override
    public void send(Part part, Sent sent) {
      log.add("browser " + StandardCharsets.UTF_8.decode(part.bytes()));
      toBrowser.add(sent);
    }

    @Override
    public void ping() {
      log.add("browser ping");
    }

    @Override
    public void close(Close close) {
      log.add("browser close " + close.code());
    }

    @Override
    public void abort() {
      log.add("browser abort");
    }
  }

  private static final class Outcome implements Sent {
    private String state = "pending";

    @Override
    public void sent() {
      state = "sent";
    }

    @Override
    public void failed(Throwable cause) {
      state = "failed";
    }
  }

  @Test
  void nothingIsReadFromTheBmcBeforeTheBrowsersSocketIsOpen() {
    assertLog();
    open();
  }

  @Test
  void theNextPieceIsAskedForOnlyWhenTheLastIsSent() {
    open();
    bridge.fromBmc(part("a"), () -> log.add("consumed"));
    assertLog("browser a");
    toBrowser.remove().sent();
    assertLog("consumed", "bmc demand");
  }

  @Test
  void theBrowsersPieceIsSentWhenTheBmcTookIt() {
    open();
    Outcome outcome = new Outcome();
    bridge.fromBrowser(part("k"), outcome);
    assertLog("bmc k");
    assertEquals("pending", outcome.state);
    toBmc.remove().sent();
    assertEquals("sent", outcome.state);
  }

  @Test
  void aSideThatCannotBeDroppedKeepsNeitherTheOtherNorThePlace() {
    bridge.dialling(new Stubborn());
    open();
    bridge.end(End.EXPIRED);
    log.clear();
    timers.forEach(Runnable::run);
    assertLog("browser abort", "over");
  }

  @Test
  void nobodyIsKeptByABmcThatCannotBeDroppedWhenTheUpgradeIsRefused() {
    bridge.dialling(new Stubborn());
    bridge.refused();
    assertLog("over");
  }

  private final class Stubborn implements BmcSocket {
    @Override
    public void demand() {
      log.add("bmc demand");
    }

    @Override
    public void send(Part part, Sent sent) {}

    @Override
    public void close(Close close) {}

    @Override
    public void abort() {
      throw new IllegalStateException("stubborn");
    }
  }

  @Test
  void aRefusedUpgradeReleasesTheBmc() {
    bridge.refused();
    assertLog("bmc abort", "over");
    assertEquals(Bridge.State.CLOSED, bridge.state());
  }

  @Test
  void aBrowsersSocketThatNeverOpensReleasesTheBmc() {
    bridge.awaitBrowser();
    assertLog();
    timers.forEach(Runnable::run);
    assertLog("bmc abort", "over");
  }

  @Test
  void aBrowsersSocketThatOpensInTimeStaysOpen() {
    bridge.awaitBrowser();
    open();
    timers.forEach(Runnable::run);
    assertLog();
    assertEquals(Bridge.State.OPEN, bridge.state());
  }

  @Test
  void aBmcThatIsLostBeforeTheBrowsersSocketIsOpenIs1011() {
    bridge.bmcOver(Close.GOING_AWAY);
    bridge.browserOpened(new Browser());
    assertLog("browser close 1011");
    bridge.browserClosed(Close.BROKEN);
    assertLog("over");
  }

  @Test
  void aSessionThatEndsBeforeTheBrowsersSocketIsOpenClosesBothAllTheSame() {
    bridge.end(End.EXPIRED);
    assertLog("bmc close 1000", "bmc demand");
    bridge.browserOpened(new Browser());
    assertLog("browser close 4401");
    assertEquals(4401, bridge.traffic().closeCode());
    bridge.browserClosed(Close.toBrowser(End.EXPIRED));
    bridge.bmcOver(Close.NORMAL);
    assertLog("over");
  }

  @Test
  void aSessionThatEndsJustWhenTheBrowsersSocketOpensIsNeverMissed() throws Exception {
    int rounds = 20_000;
    List<Bridge> opening =
        Stream.generate(() -> new Bridge(TIMING, (delay, task) -> {}, Bounds.NONE))
            .limit(rounds)
            .toList();
    AtomicInteger ready = new AtomicInteger();
    Thread thread =
        new Thread(
            () -> {
              for (int round = 0; round < rounds; round++) {
                awaitBoth(ready, round);
                opening.get(round).browserOpened(BrowserSocket.NONE);
              }
            });
    thread.start();

    for (int round = 0; round < rounds; round++) {
      awaitBoth(ready, round);
      opening.get(round).end(End.REVOKED);
    }
    thread.join();

    assertEquals(
        Set.of(Bridge.State.CLOSING), opening.stream().map(Bridge::state).collect(toSet()));
  }

  /** Both threads go on at the same moment. */
  private static void awaitBoth(AtomicInteger ready, int round) {
    ready.incrementAndGet();
    for (int spins = 0; ready.get() < 2 * (round + 1); spins++) {
      if (spins < 10_000) {
        Thread.onSpinWait();
      } else {
        // The other has no processor.
        Thread.yield();
      }
    }
  }

  @Test
  void aConnectionThatIsBegunAfterTheEndIsGivenUp() {
    Bridge late = new Bridge(TIMING, (delay, task) -> timers.add(task), Bounds.NONE);
    late.end(End.LOGGED_OUT);
    late.dialling(new Bmc());
    assertLog("bmc abort");
  }

  @Test
  void aTaskForTheEndThatComesLateRunsAtOnce() {
    bridge.refused();
    log.clear();
    bridge.onOver(() -> log.add("late"));
    assertLog("late");
  }

  @Test
  void theBmcsCloseIsAnsweredWhenTheBrowserHasAnswered() {
    open();
    bridge.bmcClosed(new Close(4007, "x"), () -> log.add("answer"));
    assertLog("browser close 4007");
    bridge.browserClosed(new Close(4007, "x"));
    assertLog("answer");
    bridge.bmcOver(Close.NORMAL);
    assertLog("over");
  }

  @Test
  void theBmcsCloseIsAnsweredWhenTheTimeIsUp() {
    open();
    bridge.bmcClosed(Close.NORMAL, () -> log.add("answer"));
    log.clear();
    timers.forEach(Runnable::run);
    assertLog("answer", "bmc abort", "browser abort", "over");
  }

  @Test
  void aCloseThatBothBeginIsAnsweredAtOnce() {
    open();
    bridge.browserClosed(Close.NORMAL);
    assertLog("bmc close 1000");
    bridge.bmcClosed(Close.NORMAL, () -> log.add("answer"));
    assertLog("answer");
  }

  @Test
  void aLostBrowserDropsTheBmcAtOnce() {
    open();
    bridge.browserClosed(Close.LOST);
    assertLog("bmc abort");
    bridge.bmcOver(Close.GOING_AWAY);
    assertLog("over");
    timers.forEach(Runnable::run);
    assertLog();
  }

  @Test
  void whatTheBmcSendsWhileClosingIsReadAndThrownAway() {
    open();
    bridge.end(End.EXPIRED);
    assertLog("browser close 4401", "bmc close 1000");
    bridge.fromBmc(part("late"), () -> log.add("consumed"));
    assertLog("consumed", "bmc demand");
    Outcome outcome = new Outcome();
    bridge.fromBrowser(part("late"), outcome);
    assertEquals("sent", outcome.state);
    assertLog();
  }

  @Test
  void aSendThatIsUnderwayAtTheEndStillAsksForTheBmcsAnswer() {
    open();
    bridge.fromBmc(part("a"), () -> {});
    bridge.end(End.EXPIRED);
    log.clear();
    toBrowser.remove().failed(new IllegalStateException("closed"));
    assertLog("bmc demand");
  }

  @Test
  void theEndComesOnce() {
    open();
    bridge.end(End.EXPIRED);
    log.clear();
    bridge.end(End.SHUTDOWN);
    bridge.bmcStalled();
    bridge.bmcOver(Close.BROKEN);
    bridge.browserClosed(Close.LOST);
    bridge.browserClosed(Close.LOST);
    assertLog("over");
  }

  @Test
  void aFailedSendToTheBmcIs1011() {
    open();
    Outcome outcome = new Outcome();
    bridge.fromBrowser(part("k"), outcome);
    log.clear();
    toBmc.remove().failed(new IllegalStateException("broken"));
    assertLog("bmc abort", "browser close 1011");
    assertEquals("failed", outcome.state);
  }

  @Test
  void aFailedSendToTheBrowserDropsBothUnlessTheBrowserTellsMore() {
    open();
    bridge.fromBmc(part("a"), () -> {});
    log.clear();
    toBrowser.remove().failed(new IllegalStateException("broken"));
    assertLog("bmc demand");
    timers.remove(0).run();
    assertLog("bmc abort", "browser abort");
    assertEquals(1006, bridge.traffic().closeCode());
  }

  @Test
  void aSendThatFailsSinceTheBrowserHasClosedLeavesItsCloseToCome() {
    open();
    bridge.fromBmc(part("a"), () -> {});
    log.clear();
    toBrowser.remove().failed(new IllegalStateException("closed"));
    bridge.fromBmc(part("b"), () -> log.add("consumed"));
    assertLog("bmc demand", "consumed", "bmc demand");
    bridge.browserClosed(new Close(4001, ""));
    assertLog("bmc close 4001");
    assertEquals(4001, bridge.traffic().closeCode());
  }

  @Test
  void aBrowserThatIsSilentForThreeTicksIsGone() {
    open();
    bridge.tick();
    bridge.tick();
    bridge.browserActive();
    bridge.tick();
    bridge.tick();
    assertLog("browser ping", "browser ping", "browser ping", "browser ping");
    bridge.tick();
    assertLog("bmc abort", "browser abort");
  }

  @Test
  void aBrowserThatMayNotHaveReadYetIsGivenTheStallLimit() {
    open();
    bridge.browserActive();
    bridge.fromBmc(part("a"), () -> {});
    toBrowser.remove().sent();
    log.clear();
    bridge.tick();
    bridge.tick();
    assertLog("browser ping", "browser ping");
    bridge.tick();
    assertLog("bmc abort", "browser abort");
  }

  @Test
  void aBrowserThatNeverGaveASignOfLifeIsNotGivenTheStallLimit() {
    Bridge patient = new Bridge(PATIENT, (delay, task) -> timers.add(task), Bounds.NONE);
    patient.dialling(new Bmc());
    patient.browserOpened(new Browser());
    patient.fromBmc(part("a"), () -> {});
    toBrowser.remove().sent();
    log.clear();
    for (int i = 0; i < 3; i++) {
      patient.tick();
    }
    assertLog("browser ping", "browser ping", "bmc abort", "browser abort");
  }

  @Test
  void aBrowserThatReadsAgainWithinTheStallLimitStays() {
    Bridge patient = new Bridge(PATIENT, (delay, task) -> timers.add(task), Bounds.NONE);
    patient.dialling(new Bmc());
    patient.browserOpened(new Browser());
    patient.browserActive();
    patient.fromBmc(part("a"), () -> {});
    toBrowser.remove().sent();
    for (int i = 0; i < 29; i++) {
      patient.tick();
    }
    assertEquals(Bridge.State.OPEN, patient.state());
    patient.browserActive();
    patient.tick();
    patient.tick();
    assertEquals(Bridge.State.OPEN, patient.state());
    patient.tick();
    assertEquals(Bridge.State.CLOSING, patient.state());
  }

  @Test
  void aSideThatTheKernelNoLongerHearsIsDropped() {
    InetSocketAddress here = new InetSocketAddress("10.0.0.1", 1);
    InetSocketAddress there = new InetSocketAddress("10.0.0.2", 2);
    Map<String, Integer> unanswered = Map.of(TcpTable.key(here, there), 9);
    open();
    bridge.browserAt(new FarEnd(there, here));
    bridge.bmcAt(new FarEnd(here, there));
    bridge.look(unanswered);
    bridge.look(unanswered);
    assertLog();
    bridge.look(unanswered);
    assertLog("bmc abort", "browser close 1011");
  }

  @Test
  void theKernelIsAskedOnlyWhenASideOwesASignOfLife() {
    open();
    assertFalse(bridge.isWaiting());
    bridge.tick();
    bridge.browserActive();
    assertFalse(bridge.isWaiting());
    bridge.fromBrowser(part("k"), new Outcome());
    assertTrue(bridge.isWaiting());
    toBmc.remove().sent();
    assertTrue(bridge.isWaiting());
    bridge.fromBmc(part("a"), () -> {});
    assertTrue(bridge.isWaiting());
    toBrowser.remove().sent();
    assertFalse(bridge.isWaiting());
    bridge.tick();
    bridge.tick();
    assertTrue(bridge.isWaiting());
  }

  @Test
  void aBrowserThatTakesNothingIsLeftAloneForTheStallLimit() {
    open();
    bridge.fromBmc(part("a"), () -> {});
    log.clear();
    bridge.tick();
    bridge.tick();
    assertLog();
    bridge.tick();
    assertLog("bmc abort", "browser abort");
  }

  @Test
  void aBmcThatTakesNothingIsGivenUpAtTheStallLimitAndTheBrowserIsTold() {
    open();
    bridge.fromBrowser(part("k"), new Outcome());
    log.clear();
    bridge.tick();
    bridge.tick();
    assertLog();
    assertFalse(toBmc.isEmpty());
    bridge.tick();
    assertLog("bmc abort", "browser close 1011");
  }

  @Test
  void everyEndTellsEachSideItsCode() {
    for (End reason : End.values()) {
      assertEquals(
          reason == End.SHUTDOWN ? 1001 : 4401, Close.toBrowser(reason).code(), reason.name());
      assertTrue(Close.toBmc(reason).code() < 1002);
    }
  }
}
