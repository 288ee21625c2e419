package io.github.bmcgateway.ops;

import io.github.bmcgateway.ops.AuditLine.Event;
import io.github.bmcgateway.ops.Readings.AssetUse;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one gateway, in a registry of their own. Every series is there from the start and
 * none comes later, save those of the JVM's collectors: what is counted only finds its counter.
 * Safe for use by several threads; counting never waits.
 */
public final class Metrics implements RequestMeter, AutoCloseable {
  /** The format of {@link #scrape()}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
    Duration.ofMinutes(2)
  };
  private static final int STATUS_CLASSES = Label.STATUS.allowed().size();

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
  private final JvmMeters jvm = new JvmMeters();
  private final To bmc = new To("bmc");
  private final To gateway = new To("gateway");
  private final Map<String, Counter> received = counters(Metric.RECEIVED);
  private final Map<String, Counter> sent = counters(Metric.SENT);
  private final Map<String, Counter> denials = counters(Metric.DENIALS);
  private final Map<String, Counter> faults = counters(Metric.FAULTS);
  private final Map<String, Counter> limited = counters(Metric.LIMITED);
  private final Map<String, Counter> consolesEnded = counters(Metric.CONSOLES_ENDED);
  private final Map<String, Counter> auditLines = counters(Metric.AUDIT_LINES);
  private final Counter consolesStarted = counter(Metric.CONSOLES_STARTED, Tags.empty());
  private final Counter bmcRetries = counter(Metric.BMC_RETRIES, Tags.empty());
  private final Counter pinAlarms = counter(Metric.PIN_ALARMS, Tags.empty());

  /** Who answers. */
  private final class To {
    private final List<Counter> byStatus;
    private final Timer duration;

    To(String value) {
      Tags to = Tags.of(Label.TO.key(), value);
      byStatus =
          Label.STATUS.allowed().stream()
              .map(status -> counter(Metric.REQUESTS, to.and(Label.STATUS.key(), status)))
              .toList();
      duration =
          Timer.builder(Metric.REQUEST_DURATION.meter())
              .description(Metric.REQUEST_DURATION.meaning())
              .serviceLevelObjectives(BUCKETS)
              .tags(to)
              .register(registry);
    }

    void over(Ended request) {
      int statusClass = Math.max(1, Math.min(request.status() / 100, STATUS_CLASSES));
      byStatus.get(statusClass - 1).increment();
      duration.record(request.nanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Begins to count. */
  public Metrics() {
    Tags version = Tags.of(Label.VERSION.key(), Build.version());
    Gauge.builder(Metric.BUILD.meter(), () -> 1)
        .description(Metric.BUILD.meaning())
        .tags(version)
        .register(registry);
    jvm.bindTo(registry);
  }

  /**
   * Shows what is read, too; to be called once.
   *
   * @param readings asked at each scrape
   */
  public void show(Readings readings) {
    gauge(Metric.READY, Tags.empty(), readings, from -> from.ready() ? 1 : 0);
    gauge(Metric.SHARED, Tags.empty(), readings, from -> from.shares() ? 1 : 0);
    gauge(Metric.SESSIONS, Tags.empty(), readings, Readings::sessions);
    gauge(Metric.CONSOLES, Tags.empty(), readings, Readings::consoles);
    gauge(Metric.CONSOLES_LIMIT, Tags.empty(), readings, Readings::consolesLimit);
    Tags running = Tags.of(Label.STATE.key(), "running");
    gauge(Metric.BMC_REQUESTS, running, readings, from -> from.bmcs().running());
    Tags waiting = Tags.of(Label.STATE.key(), "waiting");
    gauge(Metric.BMC_REQUESTS, waiting, readings, from -> from.bmcs().waiting());
    gauge(Metric.BMC_LONGEST_QUEUE, Tags.empty(), readings, from -> from.bmcs().longestQueue());
    gauge(Metric.BMCS, Tags.empty(), readings, from -> from.bmcs().inUse());
    gauge(Metric.SPOOL, Tags.empty(), readings, Readings::spooled);
    gauge(Metric.SPOOL_LIMIT, Tags.empty(), readings, Readings::spoolLimit);
    settings(readings);
    assets(readings);
    total(Metric.AUDIT_LINES_LOST, Tags.empty(), readings, Readings::auditLinesLost);
  }

  private void assets(Readings readings) {
    gauge(Metric.ASSETS, Tags.empty(), readings, from -> from.assets().entries());
    gauge(Metric.ASSETS_BYTES, Tags.empty(), readings, from -> from.assets().bytes());
    gauge(Metric.ASSETS_LIMIT, Tags.empty(), readings, from -> from.assets().limit());
    lookups("hit", readings, AssetUse::hits);
    lookups("miss", readings, AssetUse::misses);
    lookups("renewed", readings, AssetUse::renewals);
  }

  private void lookups(String how, Readings readings, ToDoubleFunction<AssetUse> count) {
    Tags tags = Tags.of(Label.LOOKUP.key(), how);
    total(Metric.ASSETS_ASKED, tags, readings, from -> count.applyAsDouble(from.assets()));
  }

  private void settings(Readings readings) {
    Tags taken = Tags.of(Label.RESULT.key(), "taken");
    total(Metric.RELOADS, taken, readings, from -> from.reloads().taken());
    Tags refused = Tags.of(Label.RESULT.key(), "refused");
    total(Metric.RELOADS, refused, readings, from -> from.reloads().refused());
    gauge(
        Metric.SETTINGS_PROBLEMS, Tags.empty(), readings, from -> from.reloads().problems().size());
    gauge(
        Metric.SETTINGS_LOADED,
        Tags.empty(),
        readings,
        from -> from.reloads().inForceSince().toEpochMilli() / 1000.0);
  }

  /** Everything, in the text format of Prometheus. */
  public String scrape() {
    return registry.scrape("text/plain");
  }

  /** A BMC showed a certificate that it isn't known by. */
  public void pinAlarm() {
    pinAlarms.increment();
  }

  /** A request was sent to a BMC once more. */
  public void bmcRetried() {
    bmcRetries.increment();
  }

  /** An audit that also counts what it is told. */
  public Audit counting(Audit audit) {
    return line -> {
      auditLine(line.event());
      audit.tell(line);
    };
  }

  private void auditLine(Event event) {
    increment(auditLines, event.label(), 1);
  }

  @Override
  public void received(boolean socket, long bytes) {
    increment(received, protocol(socket), bytes);
  }

  @Override
  public void sent(boolean socket, long bytes) {
    increment(sent, protocol(socket), bytes);
  }

  private static String protocol(boolean socket) {
    return socket ? "socket" : "http";
  }

  @Override
  public void over(Ended request) {
    (request.toBmc() ? bmc : gateway).over(request);
    request
        .failure()
        .ifPresent(failure -> increment(failure.isFault() ? faults : denials, failure.code(), 1));
    request.limit().ifPresent(limit -> increment(limited, limit.label(), 1));
  }

  @Override
  public void consoleStarted() {
    consolesStarted.increment();
  }

  @Override
  public void consoleEnded(int closeCode) {
    increment(consolesEnded, CloseClass.of(closeCode).label(), 1);
  }

  /** Lets go of the JVM, and counts on for nobody. */
  @Override
  public void close() {
    jvm.close();
    registry.close();
  }

  private static void increment(Map<String, Counter> counters, String value, long by) {
    Counter counter = counters.get(value);
    if (counter != null) {
      counter.increment((double) by);
    }
  }

  private Map<String, Counter> counters(Metric metric) {
    Label label = metric.labels().get(0);
    Map<String, Counter> counters = new HashMap<>();
    for (String value : label.allowed()) {
      counters.put(value, counter(metric, Tags.of(label.key(), value)));
    }
    return Map.copyOf(counters);
  }

  private Counter counter(Metric metric, Tags tags) {
    return Counter.builder(metric.meter())
        .description(metric.meaning())
        .tags(tags)
        .register(registry);
  }

  private void gauge(Metric metric, Tags tags, Readings from, ToDoubleFunction<Readings> value) {
    Gauge.builder(metric.meter(), () -> value.applyAsDouble(from))
        .description(metric.meaning())
        .tags(tags)
        .register(registry);
  }

  private void total(Metric metric, Tags tags, Readings from, ToDoubleFunction<Readings> value) {
    // Held weakly by the registry, the gateway holds this.
    FunctionCounter.builder(metric.meter(), this, metrics -> value.applyAsDouble(from))
        .description(metric.meaning())
        .tags(tags)
        .register(registry);
  }
}
