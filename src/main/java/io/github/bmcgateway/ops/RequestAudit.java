package io.github.bmcgateway.ops;

import io.github.bmcgateway.ops.AuditLine.Count;
import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.AuditLine.Text;
import jakarta.servlet.ServletRequest;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What is to be written down of one request: everyone who deals with it adds what he knows, and
 * when it is over it makes one line. Travels as an attribute of the request. Safe for use by
 * several threads.
 */
public final class RequestAudit {
  private static final String ATTRIBUTE = RequestAudit.class.getName();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 12;

  private final Audit audit;
  private final RequestMeter meter;
  private final LongSupplier nanoTime;
  private final long begun;
  private final Map<Text, String> facts = new EnumMap<>(Text.class);
  private final LongAdder in = new LongAdder();
  private final LongAdder out = new LongAdder();
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicBoolean counted = new AtomicBoolean();
  private volatile Optional<Failure> failure = Optional.empty();
  private volatile Optional<Limit> limit = Optional.empty();
  private volatile boolean admitted;
  private volatile boolean relayed;
  private volatile boolean console;
  private volatile boolean browserLeft;

  /**
   * A request that has just come.
   *
   * @param metrics count it, too
   * @param nanoTime a clock for durations, as {@link System#nanoTime()}
   */
  public RequestAudit(Audit audit, Metrics metrics, LongSupplier nanoTime) {
    this(audit, (RequestMeter) metrics, nanoTime);
  }

  private RequestAudit(Audit audit, RequestMeter meter, LongSupplier nanoTime) {
    this.audit = audit;
    this.meter = meter;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    facts.put(Text.REQUEST, HexFormat.of().formatHex(id));
  }

  /** Lets others find it. */
  public void attachTo(ServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** What is written down of this request; something without effect when nothing is. */
  public static RequestAudit of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof RequestAudit found
        ? found
        : new RequestAudit(line -> {}, RequestMeter.NONE, () -> 0);
  }

  /** What identifies the request in the audit. */
  public String id() {
    return fact(Text.REQUEST).orElse("");
  }

  /** What is known of it. */
  public Optional<String> fact(Text field) {
    synchronized (facts) {
      return Optional.ofNullable(facts.get(field));
    }
  }

  /** Adds a fact. */
  public RequestAudit know(Text field, String value) {
    synchronized (facts) {
      facts.put(field, value);
    }
    return this;
  }

  /** Adds a fact, if it is there. */
  public RequestAudit know(Text field, Optional<String> value) {
    value.ifPresent(text -> know(field, text));
    return this;
  }

  /** It may go to its BMC. */
  public void admitted() {
    admitted = true;
  }

  /** It goes to its BMC. */
  public void relayed() {
    relayed = true;
  }

  /** It is answered with a failure; the first one counts. */
  void failed(Failure with) {
    if (failure.isEmpty()) {
      failure = Optional.of(with);
      if (with == Failure.TOO_MANY_CONSOLES) {
        limited(Limit.CONSOLES);
      }
    }
  }

  /** It is answered that it was over a bound. */
  void limited(Limit by) {
    limit = Optional.of(by);
  }

  /** The connection to the browser is gone: what fails from here on is nobody's fault. */
  public void browserLeft() {
    browserLeft = true;
  }

  /** Bytes of a body, or of a console's messages, have come from the browser. */
  public void countIn(long bytes) {
    in.add(bytes);
    meter.received(console, bytes);
  }

  /** Bytes of a body, or of a console's messages, go to the browser. */
  public void countOut(long bytes) {
    out.add(bytes);
    meter.sent(console, bytes);
  }

  /** A line with what is known so far; the caller completes and tells it. */
  public AuditLine line(Event event) {
    AuditLine line = new AuditLine(event);
    synchronized (facts) {
      facts.forEach(line::with);
    }
    return line;
  }

  /** Tells a line of its own, apart from the one that the request makes when it is over. */
  public void tell(AuditLine line) {
    audit.tell(line);
  }

  /** Milliseconds since the request came. */
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - begun);
  }

  /** It became a console, which makes lines of its own. */
  public void becameConsole() {
    told.set(true);
    console = true;
    meter.consoleStarted();
  }

  /** The console that it became is over. */
  public void consoleOver(int closeCode) {
    meter.consoleEnded(closeCode);
  }

  /**
   * It is over.
   *
   * @param status the answer's status
   */
  public void over(int status) {
    count(status);
    Optional<Event> event = event();
    if (event.isEmpty() || !told.compareAndSet(false, true)) {
      return;
    }
    AuditLine line = line(event.get()).with(Count.STATUS, status).with(Count.MS, millis());
    failure.ifPresent(met -> line.with(Text.ERROR, met.code()));
    if (event.get() == Event.REQUEST) {
      line.with(Count.BYTES_IN, in.sum()).with(Count.BYTES_OUT, out.sum());
    }
    audit.tell(line);
  }

  private void count(int status) {
    if (counted.compareAndSet(false, true)) {
      Optional<Failure> with = failure.filter(met -> !(browserLeft && met.isFault()));
      long nanos = nanoTime.getAsLong() - begun;
      meter.over(new RequestMeter.Ended(admitted, status, nanos, with, limit));
    }
  }

  private Optional<Event> event() {
    boolean refused = failure.isPresent() && !(admitted && failure.get().isFault());
    if (refused && !relayed) {
      return Optional.of(Event.DENIED);
    }
    return admitted ? Optional.of(Event.REQUEST) : Optional.empty();
  }
}
