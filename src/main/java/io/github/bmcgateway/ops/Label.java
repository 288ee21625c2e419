package io.github.bmcgateway.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The labels of the metrics, each with every value that it can have. Nothing that a client, a token
 * or a BMC says is ever one of them.
 */
enum Label {
  TO(List.of("bmc", "gateway")),
  STATUS(List.of("1xx", "2xx", "3xx", "4xx", "5xx")),
  PROTOCOL(List.of("http", "socket")),
  ERROR(codes(failure -> !failure.isFault())),
  FAULT(codes(Failure::isFault)),
  LIMIT(Arrays.stream(Limit.values()).map(Limit::label).toList()),
  CLOSE(Arrays.stream(CloseClass.values()).map(CloseClass::label).toList()),
  EVENT(Arrays.stream(AuditLine.Event.values()).map(AuditLine.Event::label).toList()),
  STATE(List.of("running", "waiting")),
  RESULT(List.of("taken", "refused")),
  LOOKUP(List.of("hit", "miss", "renewed")),
  /** One value: that of the build. */
  VERSION(List.of(Build.version()));

  @SuppressWarnings("ImmutableEnumChecker") // Unmodifiable lists only.
  private final List<String> allowed;

  Label(List<String> allowed) {
    this.allowed = allowed;
  }

  /** The label's name. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<String> allowed() {
    return allowed;
  }

  private static List<String> codes(Predicate<Failure> which) {
    return Arrays.stream(Failure.values()).filter(which).map(Failure::code).distinct().toList();
  }
}
