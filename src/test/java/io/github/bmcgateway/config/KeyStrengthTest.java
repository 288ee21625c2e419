package io.github.bmcgateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyStrengthTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "changeme",
        "9b1f6c0d2ae84375b6c9e01d47fa385",
        "changeme-changeme-changeme-changeme",
        "Please-Change_Me: 8d1f0a77c2b94e63a5d0",
        "a-string-secret-at-least-256-bits-long",
        "your-256-bit-secret-your-256-bit-secret",
        "my-super-secret-jwt-signing-value-0001",
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "0123456789abcdef0123456789abcdef",
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba9876543210",
        "1122112233221133112211223322113311",
        "9b1f6c0d2ae84375\nb6c9e01d47fa3852c7",
      })
  void aKeyThatCanBeGuessedIsRefused(String key) {
    assertTrue(KeyStrength.weakness(key).isPresent());
  }

  @Test
  void aLongKeyInUtf8CountsItsBytes() {
    assertEquals(Optional.empty(), KeyStrength.weakness("äöüßéèêçñøåæœłđžšč"));
  }

  @Test
  void randomKeysPass() {
    Random random = new Random(1);
    byte[] bytes = new byte[24];
    for (int i = 0; i < 2_000; i++) {
      random.nextBytes(bytes);
      assertEquals(Optional.empty(), KeyStrength.weakness(HexFormat.of().formatHex(bytes)));
      assertEquals(
          Optional.empty(), KeyStrength.weakness(Base64.getEncoder().encodeToString(bytes)));
    }
  }
}
