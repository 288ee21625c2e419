package io.github.bmcgateway.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Refuses keys that anybody could guess. An HS256 key must have at least the hash's 32 bytes (RFC
 * 7518, section 3.2); beyond that, what a random key can't be is refused: placeholders, keys from
 * documents, repetitions and sequences.
 */
final class KeyStrength {
  private static final int MIN_BYTES = 32;
  private static final int MIN_DISTINCT_BYTES = 8;
  private static final int MAX_PERIOD = 16;

  /** Letters and digits only, as every key is compared with them. */
  private static final List<String> WELL_KNOWN =
      List.of(
          "changeme",
          "changeit",
          "changethis",
          "replaceme",
          "replacethis",
          "placeholder",
          "examplekey",
          "examplesecret",
          "password",
          "yoursecret",
          "yourkey",
          "yourjwt",
          "supersecret",
          "mysecret",
          "secretkey",
          "notasecret",
          // jwt.io's page, old and new; RFC 7515 appendix A.1.
          "your256bitsecret",
          "astringsecretatleast256bits",
          "aym1sysppbydfgzld3umj1qzkobwvmkoqqestjqlrt1qs0gzh75aktmn3yj0ips4hcguutwjazzr1z9caow");

  private KeyStrength() {}

  /** Why the key is too weak, never quoting it; empty when it isn't. */
  static Optional<String> weakness(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_BYTES) {
      return Optional.of("the key has only " + bytes.length + " bytes");
    }
    if (key.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("the key holds a line break or another control character");
    }
    if (isWellKnown(key)) {
      return Optional.of("the key is a default or a placeholder from a document");
    }
    return isPattern(bytes)
        ? Optional.of("the key is a repetition or a sequence, not random")
        : Optional.empty();
  }

  private static boolean isWellKnown(String key) {
    String plain = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return WELL_KNOWN.stream().anyMatch(plain::contains);
  }

  private static boolean isPattern(byte[] bytes) {
    long distinct = IntStream.range(0, bytes.length).map(i -> bytes[i]).distinct().count();
    long smallSteps =
        IntStream.range(1, bytes.length)
            .filter(i -> Math.abs(bytes[i] - bytes[i - 1]) <= 1)
            .count();
    return distinct < MIN_DISTINCT_BYTES
        || smallSteps * 3 > bytes.length * 2L
        || IntStream.rangeClosed(1, MAX_PERIOD).anyMatch(period -> repeats(bytes, period));
  }

  private static boolean repeats(byte[] bytes, int period) {
    return IntStream.range(period, bytes.length).allMatch(i -> bytes[i] == bytes[i - period]);
  }
}
