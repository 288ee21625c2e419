package io.github.bmcgateway.console;

import io.github.bmcgateway.target.LiveSession.End;
import io.github.bmcgateway.target.LiveSession.Work;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One console: the state machine between a browser's socket and a BMC's. Both adapters report their
 * events here and are told what to do; it knows neither container nor client. From the BMC one
 * piece at a time is asked for, the next only when the browser's socket took the last; the
 * browser's adapter waits in the same way for {@link #fromBrowser}.
 *
 * <pre>
 *   CONNECTING ── browser's socket opens ──► OPEN ── close, loss or end ──► CLOSING ──► CLOSED
 *        ├── ended before it opened ────────────────────────────────────────▲          ▲
 *        └── refused or lost before it opened ─────────────────────────────────────────┘
 * </pre>
 *
 * <p>Holds, for each direction, at most 256 KiB of a message (or the BMC's own bound on messages)
 * and one piece of the container's, and a copy while that is sent: less than 1 MiB.
 *
 * <p>In CLOSING each side has been told, and both get {@link Timing#close} for their handshakes.
 * Events of one direction come one at a time; anything else may come from any thread.
 */
final class Bridge implements Work {
  enum State {
    CONNECTING,
    OPEN,
    CLOSING,
    CLOSED
  }

  /** Runs something later; a daemon thread's clock. */
  @FunctionalInterface
  interface Timer {
    void after(Duration delay, Runnable task);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);
  private static final int MAX_HELD_BYTES = 256 * 1024;
  private static final int MAX_SILENT_TICKS = 3;

  private final Timing timing;
  private final Timer timer;
  private final Bounds bounds;
  private final Traffic traffic = new Traffic();
  private final Collector bmcPieces = new Collector(MAX_HELD_BYTES);
  private final Collector browserPieces;
  private volatile State state = State.CONNECTING;
  private volatile Optional<End> ended = Optional.empty();
  private volatile Close farewell = Close.BROKEN;
  private final AtomicReference<Runnable> answerToBmc = new AtomicReference<>(Bridge::nothing);
  private final AtomicReference<Runnable> whenOver = new AtomicReference<>(Bridge::nothing);
  private final AtomicBoolean bmcDone = new AtomicBoolean();
  private final AtomicBoolean browserDone = new AtomicBoolean();
  private volatile BmcSocket bmc = BmcSocket.NONE;
  private volatile BrowserSocket browser = BrowserSocket.NONE;
  private volatile Optional<FarEnd> browserEnd = Optional.empty();
  private volatile Optional<FarEnd> bmcEnd = Optional.empty();
  private volatile boolean browserHeard;
  private volatile boolean browserBehind;
  private volatile boolean browserFailed;
  private volatile boolean bmcAsked;
  private volatile boolean sendingToBrowser;
  private volatile boolean sendingToBmc;
  private volatile int silentTicks;
  private volatile int stalledTicks;
  private volatile int untakenTicks;

  Bridge(Timing timing, Timer timer, Bounds bounds) {
    this.timing = timing;
    this.timer = timer;
    this.bounds = bounds;
    // With a bound, nothing of a message is sent before it is known to be within.
    long held = bounds.messageMaxBytes() > 0 ? bounds.messageMaxBytes() + 1 : MAX_HELD_BYTES;
    this.browserPieces = new Collector(Math.toIntExact(held));
  }

  Bounds bounds() {
    return bounds;
  }

  Timing timing() {
    return timing;
  }

  Traffic traffic() {
    return traffic;
  }

  State state() {
    return state;
  }

  /** Why the session ended, if that is what ended this. */
  Optional<End> ended() {
    return ended;
  }

  /** Runs the task once when this is over; at once if it is over already. */
  void onOver(Runnable task) {
    whenOver.set(once(task));
    if (state == State.CLOSED) {
      whenOver.getAndSet(Bridge::nothing).run();
    }
  }

  /** A connection to the BMC has been begun. */
  void dialling(BmcSocket socket) {
    bmc = socket;
    if (state != State.CONNECTING) {
      socket.abort();
    }
  }

  /** The browser's upgrade won't be answered with a socket, or that one is gone already. */
  void refused() {
    browserDone.set(true);
    if (move(State.CONNECTING, State.CLOSED)) {
      each(bmc::abort, whenOver.getAndSet(Bridge::nothing));
    }
    finishIfDone();
  }

  /** The BMC has refused; the browser gets a socket all the same, which tells it why. */
  void refusedWith(Close why) {
    farewell = why;
    bmcDone.set(true);
    bmc.abort();
  }

  /**
   * The browser's upgrade was answered with a socket. That it opens is not certain: when the
   * browser has left meanwhile, Tomcat fails to write the answer and tells nobody.
   */
  void awaitBrowser() {
    timer.after(
        timing.handshake(),
        () -> {
          if (state == State.CONNECTING) {
            refused();
          }
        });
  }

  /** Where the browser is, as far as the network tells. */
  void browserAt(FarEnd end) {
    browserEnd = Optional.of(end);
  }

  /** Where the BMC is. */
  void bmcAt(FarEnd end) {
    bmcEnd = Optional.of(end);
  }

  /** The browser's socket is open: from here on the two are joined. */
  void browserOpened(BrowserSocket socket) {
    browser = socket;
    if (!move(State.CONNECTING, State.OPEN)) {
      socket.close(ended.map(Close::toBrowser).orElse(Close.BROKEN));
    } else if (bmcDone.get()) {
      bmcOver(farewell);
    } else {
      bmc.demand();
    }
  }

  /**
   * A piece of a message came from the BMC.
   *
   * @param consumed told when its bytes may be reused
   */
  void fromBmc(Part part, Runnable consumed) {
    traffic.fromBmc(part);
    bmcAsked = false;
    boolean takes = state == State.OPEN && !browserFailed;
    Optional<Part> ready = takes ? bmcPieces.add(part) : Optional.empty();
    if (ready.isEmpty()) {
      consumed.run();
      bmc.demand();
      return;
    }
    sendingToBrowser = true;
    browser.send(ready.get(), new ToBrowser(consumed));
  }

  /**
   * A piece of a message came from the browser. No further one may come before this one is sent.
   *
   * @param sent told when its bytes may be reused and more may come; also when the piece was
   *     dropped because the console is closing
   */
  void fromBrowser(Part part, Sent sent) {
    browserActive();
    traffic.fromBrowser(part);
    Optional<Part> ready = state == State.OPEN ? browserPieces.add(part) : Optional.empty();
    if (ready.isEmpty()) {
      sent.sent();
    } else if (bounds.isTooLong(ready.get())) {
      closeBoth(Close.TOO_LONG);
      sent.sent();
    } else {
      sendingToBmc = true;
      bmc.send(ready.get(), new ToBmc(sent));
    }
  }

  /** The browser gave a sign of life. */
  void browserActive() {
    silentTicks = 0;
    browserHeard = true;
    browserBehind = false;
  }

  /**
   * The BMC sent a close frame.
   *
   * @param answer sends the answering close frame; called once, when the browser has answered or
   *     the time for that has passed
   */
  void bmcClosed(Close close, Runnable answer) {
    if (!closes(close)) {
      answer.run();
      return;
    }
    answerToBmc.set(answer);
    limitClosing();
    browser.close(close);
    if (browserDone.get()) {
      answerToBmc.getAndSet(Bridge::nothing).run();
    }
  }

  /**
   * The BMC's connection is gone.
   *
   * @param toBrowser what the browser is told, unless it has been told something already
   */
  void bmcOver(Close toBrowser) {
    bmcDone.set(true);
    if (closes(toBrowser)) {
      limitClosing();
      browser.close(toBrowser);
    }
    finishIfDone();
  }

  /**
   * The browser sent a close frame, or its connection is gone. Its container has answered the frame
   * already.
   */
  void browserClosed(Close close) {
    browserDone.set(true);
    if (closes(close)) {
      limitClosing();
      if (close.isLost()) {
        bmc.abort();
      } else {
        bmc.close(close);
      }
    } else {
      refused();
      answerToBmc.getAndSet(Bridge::nothing).run();
    }
    finishIfDone();
  }

  /** The browser sent what no message may hold. */
  void browserBroke(Close close) {
    closeBoth(close);
  }

  /** The BMC has taken nothing for {@link Timing#stall}. */
  void bmcStalled() {
    if (closes(Close.BROKEN)) {
      limitClosing();
      bmc.abort();
      browser.close(Close.BROKEN);
    }
  }

  /** The session is over, or the gateway is. */
  @Override
  public void end(End reason) {
    ended = Optional.of(reason);
    State before = beginClosing();
    if (before == State.CONNECTING || before == State.OPEN) {
      traffic.closed(Close.toBrowser(reason));
      limitClosing();
      if (before == State.OPEN) {
        browser.close(Close.toBrowser(reason));
      }
      bmc.close(Close.toBmc(reason));
    }
    if (before == State.CONNECTING) {
      bmc.demand();
    }
  }

  /** To be called once every {@link Timing#ping}: looks whether the browser is still there. */
  void tick() {
    if (state != State.OPEN) {
      return;
    }
    // While the BMC doesn't take what the browser sent, nothing is read from the browser.
    if (sendingToBmc) {
      if (untakenTooLong()) {
        bmcStalled();
      }
    } else if (sendingToBrowser ? stalledTooLong() : silentTooLong()) {
      browserVanished();
    } else if (!sendingToBrowser) {
      browser.ping();
    }
  }

  /** Whether either side owes a sign of life, so that the kernel is worth asking. */
  boolean isWaiting() {
    return state == State.OPEN && (sendingToBrowser || sendingToBmc || bmcAsked || silentTicks > 1);
  }

  /** To be called after each {@link #tick()}: drops a side that the kernel no longer hears. */
  void look(Map<String, Integer> unanswered) {
    if (browserEnd.filter(end -> end.isLost(unanswered)).isPresent()) {
      browserVanished();
    }
    if (bmcEnd.filter(end -> end.isLost(unanswered)).isPresent()) {
      bmcStalled();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Only the ticking thread counts up.
  private boolean stalledTooLong() {
    stalledTicks++;
    return isBeyondStall(stalledTicks);
  }

  private boolean isBeyondStall(int ticks) {
    return timing.ping().multipliedBy(ticks).compareTo(timing.stall()) > 0;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // As above.
  private boolean untakenTooLong() {
    untakenTicks++;
    return isBeyondStall(untakenTicks);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // As above; a lost reset delays the cut by one tick.
  private boolean silentTooLong() {
    silentTicks++;
    // A ping may stand behind what the browser hasn't read yet, and that may wait for so long.
    return browserBehind ? isBeyondStall(silentTicks) : silentTicks >= MAX_SILENT_TICKS;
  }

  private void browserVanished() {
    if (closes(Close.LOST)) {
      limitClosing();
      bmc.abort();
      browser.abort();
    }
  }

  private void closeBoth(Close close) {
    if (closes(close)) {
      limitClosing();
      browser.close(close);
      bmc.close(close);
    }
  }

  /** Whether it is this that ends an open console. */
  private boolean closes(Close with) {
    boolean closes = move(State.OPEN, State.CLOSING);
    if (closes) {
      traffic.closed(with);
    }
    return closes;
  }

  private synchronized boolean move(State from, State to) {
    boolean moves = state == from;
    if (moves) {
      state = to;
    }
    return moves;
  }

  /** In one step, or a console that opens between two looks would be missed; the state before. */
  private synchronized State beginClosing() {
    State before = state;
    if (before == State.CONNECTING || before == State.OPEN) {
      state = State.CLOSING;
    }
    return before;
  }

  private synchronized boolean shut() {
    boolean wasOpen = state != State.CLOSED;
    state = State.CLOSED;
    return wasOpen;
  }

  private void limitClosing() {
    timer.after(timing.close(), this::dropRest);
  }

  private void dropRest() {
    if (shut()) {
      each(
          answerToBmc.getAndSet(Bridge::nothing),
          bmc::abort,
          browser::abort,
          whenOver.getAndSet(Bridge::nothing));
    }
  }

  /** A side that can't be dropped mustn't keep the other, nor the console's place. */
  private static void each(Runnable... steps) {
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.warn("A console could not be ended as it should", e);
      }
    }
  }

  private void finishIfDone() {
    if (bmcDone.get() && browserDone.get() && shut()) {
      whenOver.getAndSet(Bridge::nothing).run();
    }
  }

  private static void nothing() {}

  private static Runnable once(Runnable task) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        task.run();
      }
    };
  }

  private final class ToBrowser implements Sent {
    private final Runnable consumed;

    ToBrowser(Runnable consumed) {
      this.consumed = consumed;
    }

    @Override
    public void sent() {
      stalledTicks = 0;
      browserBehind = browserHeard;
      over();
    }

    @Override
    public void failed(Throwable cause) {
      if (cause instanceof CharacterCodingException) {
        closeBoth(Close.BAD_TEXT);
      } else {
        // A container answers a close frame before it tells of it: what is sent in between fails.
        browserFailed = true;
        timer.after(timing.close(), Bridge.this::browserVanished);
      }
      over();
    }

    private void over() {
      sendingToBrowser = false;
      consumed.run();
      // Also when closing: the BMC's answer to the close frame is still to be read.
      bmc.demand();
    }
  }

  private final class ToBmc implements Sent {
    private final Sent next;

    ToBmc(Sent next) {
      this.next = next;
    }

    @Override
    public void sent() {
      bmcAsked = true;
      over();
      next.sent();
    }

    @Override
    public void failed(Throwable cause) {
      over();
      bmcStalled();
      next.failed(cause);
    }

    private void over() {
      sendingToBmc = false;
      untakenTicks = 0;
      browserActive();
    }
  }
}
