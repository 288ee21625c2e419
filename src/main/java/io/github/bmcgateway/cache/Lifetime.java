package io.github.bmcgateway.cache;

import io.github.bmcgateway.target.VendorProfile.Assets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * How long an answer may be used without asking the BMC again (RFC 9111, sections 4.2.1 and 5.2.2;
 * the gateway is a shared cache).
 */
final class Lifetime {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final List<String> FORBIDDEN = List.of("no-store", "private");

  private Lifetime() {}

  /** Empty where it must not be kept at all; zero where the BMC is to be asked each time. */
  static Optional<Duration> of(HttpFields answer, Assets rule) {
    Duration most = shorter(Duration.ofSeconds(rule.seconds()), LONGEST);
    if (rule.despiteNoStore()) {
      return Optional.of(most);
    }
    List<String> directives =
        answer.getCSV(HttpHeader.CACHE_CONTROL, false).stream()
            .map(directive -> directive.toLowerCase(Locale.ROOT))
            .toList();
    if (directives.stream().map(Lifetime::name).anyMatch(FORBIDDEN::contains)) {
      return Optional.empty();
    }
    if (directives.stream().map(Lifetime::name).anyMatch("no-cache"::equals)
        || (directives.isEmpty() && answer.contains(HttpHeader.PRAGMA, "no-cache"))) {
      return Optional.of(Duration.ZERO);
    }
    Optional<Duration> said =
        seconds(directives, "s-maxage")
            .or(() -> seconds(directives, "max-age"))
            .or(() -> expiry(answer));
    return Optional.of(said.map(time -> shorter(time, most)).orElse(most));
  }

  private static String name(String directive) {
    int equals = directive.indexOf('=');
    return (equals < 0 ? directive : directive.substring(0, equals)).trim();
  }

  /** What can't be read is as if it were over. */
  private static Optional<Duration> seconds(List<String> directives, String name) {
    return directives.stream()
        .filter(directive -> name(directive).equals(name))
        .findFirst()
        .map(
            directive -> {
              String value =
                  directive.substring(directive.indexOf('=') + 1).replace("\"", "").trim();
              return value.matches("[0-9]{1,9}")
                  ? Duration.ofSeconds(Long.parseLong(value))
                  : Duration.ZERO;
            });
  }

  /** By the BMC's own clock, which is often wrong, but for both. */
  private static Optional<Duration> expiry(HttpFields answer) {
    if (!answer.contains(HttpHeader.EXPIRES)) {
      return Optional.empty();
    }
    long expires = HttpTime.millis(answer.get(HttpHeader.EXPIRES));
    long date = HttpTime.millis(answer.get(HttpHeader.DATE));
    return Optional.of(
        expires < 0 || date < 0 || expires <= date
            ? Duration.ZERO
            : Duration.ofMillis(expires - date));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
