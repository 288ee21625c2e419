package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credential of the admin endpoint: {@code Authorization: Bearer} (RFC 6750, section 2.1). The
 * key is too long to be guessed; that wrong ones are refused outright after some in a minute keeps
 * them from filling the log. The right one always works. Safe for use by several threads.
 */
final class AdminKey {
  private static final int MAX_WRONG = 10;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([\\x21-\\x7e]+) *");
  private static final Logger LOG = LoggerFactory.getLogger(AdminKey.class);

  private final Secret key;
  private final Clock clock;
  private Instant windowEnds = Instant.MIN;
  private int wrong;

  /** What a request's credential comes to. */
  sealed interface Check {
    /** It is the key. */
    record Right() implements Check {}

    /** There is none, or another. */
    record Wrong() implements Check {}

    /** There were too many others lately. */
    record TooMany(Duration retryAfter) implements Check {}
  }

  AdminKey(Secret key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  Check check(HttpServletRequest request) {
    List<String> given = Browsers.values(request, "Authorization");
    if (given.size() == 1 && presented(given.get(0)).filter(this::isKey).isPresent()) {
      return new Check.Right();
    }
    return countWrong();
  }

  private static Optional<byte[]> presented(String authorization) {
    Matcher bearer = BEARER.matcher(authorization);
    return bearer.matches()
        ? Optional.of(bearer.group(1).getBytes(StandardCharsets.US_ASCII))
        : Optional.empty();
  }

  private boolean isKey(byte[] presented) {
    return MessageDigest.isEqual(key.reveal(), presented);
  }

  private synchronized Check countWrong() {
    Instant now = clock.instant();
    if (!now.isBefore(windowEnds)) {
      windowEnds = now.plus(WINDOW);
      wrong = 0;
      LOG.warn("A request for the admin endpoint came without its key");
    }
    wrong++;
    return wrong > MAX_WRONG
        ? new Check.TooMany(Duration.between(now, windowEnds))
        : new Check.Wrong();
  }
}
