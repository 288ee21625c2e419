package io.github.bmcgateway.ops;

import java.util.List;
import java.util.Locale;

/**
 * The table of the gateway's own metrics: their names as a scrape shows them, what they are
 * labelled with, and what {@code src/docs/metrics.md} is held against. Those of the JVM come on
 * top.
 */
enum Metric {
  REQUESTS(
      Type.COUNTER,
      "requests_total",
      "requests that are over, by where they went (`bmc`: a session let them through, whatever came of it) and status",
      Label.TO,
      Label.STATUS),
  REQUEST_DURATION(
      Type.HISTOGRAM,
      "request_duration_seconds",
      "seconds from a request's head to the end of its answer, downloads and event streams included; of a console's upgrade, to its answer",
      Label.TO),
  RECEIVED(
      Type.COUNTER,
      "received_bytes_total",
      "bytes of bodies and of console messages that came from browsers, for BMCs",
      Label.PROTOCOL),
  SENT(
      Type.COUNTER,
      "sent_bytes_total",
      "bytes of bodies and of console messages of BMCs that went to browsers",
      Label.PROTOCOL),
  DENIALS(
      Type.COUNTER,
      "denials_total",
      "requests that the gateway refused, by the error code of the answer",
      Label.ERROR),
  FAULTS(
      Type.COUNTER,
      "faults_total",
      "requests that failed, by error code: `bmc_*` at the BMC or on the way to it, `upstream_*` at another gateway, `internal` in this one; not those whose browser left",
      Label.FAULT),
  LIMITED(
      Type.COUNTER,
      "limited_total",
      "requests refused with 429, by the bound that they were over",
      Label.LIMIT),
  SESSIONS(
      Type.GAUGE,
      "sessions",
      "sessions under which a request or a console runs now, or whose login at the BMC is known and not over"),
  CONSOLES(Type.GAUGE, "consoles", "console sockets that are open or being opened"),
  CONSOLES_LIMIT(Type.GAUGE, "consoles_limit", "how many there may be: `limits.consoles`"),
  CONSOLES_STARTED(Type.COUNTER, "consoles_started_total", "console sockets that were opened"),
  CONSOLES_ENDED(
      Type.COUNTER,
      "consoles_ended_total",
      "console sockets that were closed, by the class of the close code",
      Label.CLOSE),
  BMC_REQUESTS(
      Type.GAUGE,
      "bmc_requests",
      "requests to all BMCs together that run, or wait for their turn",
      Label.STATE),
  BMC_LONGEST_QUEUE(
      Type.GAUGE,
      "bmc_longest_queue",
      "requests that wait at the BMC where most wait; `limits.bmcQueue` is the most"),
  BMCS(Type.GAUGE, "bmcs", "BMCs that a request or a console uses now"),
  BMC_RETRIES(
      Type.COUNTER,
      "bmc_retries_total",
      "requests that were sent to a BMC once more, since the kept connection that they went out on was dead"),
  PIN_ALARMS(
      Type.COUNTER,
      "pin_alarms_total",
      "BMCs that showed a certificate that they aren't known by, each once a minute at most"),
  RELOADS(
      Type.COUNTER,
      "settings_reloads_total",
      "changes of the settings, by what became of them",
      Label.RESULT),
  SETTINGS_PROBLEMS(
      Type.GAUGE,
      "settings_problems",
      "what is wrong with the settings as the files say them now; 0 when they are in force"),
  SETTINGS_LOADED(
      Type.GAUGE,
      "settings_loaded_timestamp_seconds",
      "when the settings in force were taken up, in seconds since 1970"),
  AUDIT_LINES(
      Type.COUNTER,
      "audit_lines_total",
      "audit lines, by event; `session_start` counts links that opened a session",
      Label.EVENT),
  AUDIT_LINES_LOST(
      Type.COUNTER, "audit_lines_lost_total", "audit lines that could not be written to the file"),
  SPOOL(
      Type.GAUGE, "spool_bytes", "bytes of request bodies of unknown length that lie on disk now"),
  SPOOL_LIMIT(Type.GAUGE, "spool_limit_bytes", "how many there may be: `proxy.spoolTotal`"),
  ASSETS(Type.GAUGE, "assets", "scripts, styles, images and fonts of BMCs that are in the cache"),
  ASSETS_BYTES(Type.GAUGE, "assets_bytes", "bytes of memory that they take"),
  ASSETS_LIMIT(Type.GAUGE, "assets_limit_bytes", "how many there may be: `proxy.cacheSize`"),
  ASSETS_ASKED(
      Type.COUNTER,
      "assets_asked_total",
      "requests for them: `hit` answered from the cache, `miss` for which the BMC was asked; of those, `renewed` where it said that what is there is still the same",
      Label.LOOKUP),
  SHARED(
      Type.GAUGE,
      "shared_up",
      "1 when the server of `shared.redis` answered last, or none is set; 0 while nodes don't learn what others revoke, and links that work once open nothing"),
  READY(Type.GAUGE, "ready", "1 when `/.gateway/ready` answers 200, else 0"),
  BUILD(Type.GAUGE, "build_info", "always 1; its label is the version", Label.VERSION);

  /** What Prometheus takes it for. */
  enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String PREFIX = "bmc_gateway_";

  private final Type type;
  private final String exported;
  private final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
  private final List<Label> labels;

  Metric(Type type, String name, String meaning, Label... labels) {
    this.type = type;
    this.exported = PREFIX + name;
    this.meaning = meaning;
    this.labels = List.of(labels);
  }

  Type type() {
    return type;
  }

  /** The name in a scrape. */
  String exported() {
    return exported;
  }

  /** The name for the registry, which puts the suffix back. */
  String meter() {
    String suffix =
        switch (type) {
          case COUNTER -> "_total";
          case HISTOGRAM -> "_seconds";
          case GAUGE -> "";
        };
    return exported.substring(0, exported.length() - suffix.length()).replace('_', '.');
  }

  /** Meaning and unit, for people. */
  String meaning() {
    return meaning;
  }

  List<Label> labels() {
    return labels;
  }
}
