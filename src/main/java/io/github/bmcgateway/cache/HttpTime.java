package io.github.bmcgateway.cache;

import java.time.DateTimeException;
import org.eclipse.jetty.http.HttpDateTime;
import org.jspecify.annotations.Nullable;

/** Times in headers. */
final class HttpTime {
  private HttpTime() {}

  /** Milliseconds since 1970; -1 where there is none, or one that can't be read. */
  static long millis(@Nullable String time) {
    try {
      return time == null ? -1 : HttpDateTime.parse(time).toInstant().toEpochMilli();
    } catch (DateTimeException | IllegalArgumentException e) {
      return -1;
    }
  }
}
