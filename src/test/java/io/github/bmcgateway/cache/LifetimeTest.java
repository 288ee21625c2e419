package io.github.bmcgateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.target.VendorProfile.Assets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifetimeTest {
  private static final String DATE = "Date: Sat, 21 Nov 2026 20:00:00 GMT";

  private static Optional<Duration> of(String headers, int seconds, boolean despite) {
    HttpFields.Mutable answer = HttpFields.build();
    for (String line : headers.split(";")) {
      if (line.contains(": ")) {
        answer.add(line.split(": ")[0].trim(), line.split(": ")[1]);
      }
    }
    return Lifetime.of(answer, new Assets(Pattern.compile(".*"), seconds, despite));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none|3600",
        "Cache-Control: public, max-age=86400|3600",
        "Cache-Control: max-age=60|60",
        "Cache-Control: max-age=\"60\"|60",
        "Cache-Control: max-age=60, s-maxage=10|10",
        "Cache-Control: max-age=0|0",
        "Cache-Control: max-age=-1|0",
        "Cache-Control: max-age=soon|0",
        "Cache-Control: max-age|0",
        "Cache-Control: no-cache|0",
        "Cache-Control: max-age=60; Pragma: no-cache|60",
        "Pragma: no-cache|0",
        "Expires: Sat, 21 Nov 2026 20:01:00 GMT; Date: Sat, 21 Nov 2026 20:00:00 GMT|60",
        "Expires: Sat, 21 Nov 2026 19:00:00 GMT; Date: Sat, 21 Nov 2026 20:00:00 GMT|0",
        "Expires: 0; Date: Sat, 21 Nov 2026 20:00:00 GMT|0",
        "Expires: Sat, 21 Nov 2026 20:01:00 GMT|0",
        "Cache-Control: no-store|-1",
        "Cache-Control: private, max-age=60|-1",
        "Cache-Control: private=\"x\"|-1",
        "Cache-Control: NO-STORE|-1"
      })
  void theBmcMayMakeItShorter(String headers, long seconds) {
    assertEquals(
        seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)),
        of(headers, 3600, false));
  }

  @ParameterizedTest
  @CsvSource({"10, 10", "0, 0", "100000, 3600"})
  void theProfileBoundsItAndAnHourBoundsTheProfile(int profile, long seconds) {
    Optional<Duration> expected = Optional.of(Duration.ofSeconds(seconds));

    assertEquals(expected, of(DATE, profile, false));
    assertEquals(expected, of("Cache-Control: no-store, private, max-age=1", profile, true));
  }
}
