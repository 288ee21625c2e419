package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.policy.ManualTime;
import io.github.bmcgateway.token.Grant;
import io.github.bmcgateway.token.TestTokens;
import io.github.bmcgateway.token.TokenResult;
import io.github.bmcgateway.token.TokenVerifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class OnceProofsTest {
  private static final Secret OLD = Secret.of("an older secret, still good for a while");
  private static final Secret NEW = Secret.of("a newer secret, from now on for signing");

  private final String token = EntryFixture.token("10.0.0.5").claim("once", true).build();
  private final Grant grant = grant(token);

  private static OnceProofs proofs(Supplier<List<Secret>> secrets) {
    return new OnceProofs(secrets, OnceProofs.randomKey());
  }

  @Test
  void everyNodeWithTheSecretKnowsTheProof() {
    String cookie = proofs(() -> List.of(OLD)).cookie(token, grant);
    assertTrue(proofs(() -> List.of(OLD)).fits(cookie, grant));
    assertTrue(proofs(() -> List.of(NEW, OLD)).fits(cookie, grant));
    assertFalse(proofs(() -> List.of(NEW)).fits(cookie, grant));
    assertEquals(token, OnceProofs.token(cookie));
    assertEquals(token.length() + 23, cookie.length());
  }

  @Test
  void secretsMayChangeWhileItRuns() {
    List<Secret> secrets = new ArrayList<>(List.of(OLD));
    OnceProofs proofs = proofs(() -> secrets);
    String cookie = proofs.cookie(token, grant);
    secrets.set(0, NEW);
    assertFalse(proofs.fits(cookie, grant));
    assertTrue(proofs.fits(proofs.cookie(token, grant), grant));
  }

  @Test
  void withoutASecretTheProofIsGoodInItsOwnProcess() {
    OnceProofs proofs = proofs(List::of);
    String cookie = proofs.cookie(token, grant);
    assertTrue(proofs.fits(cookie, grant));
    assertNotEquals(cookie, proofs(List::of).cookie(token, grant));
    assertFalse(proofs(List::of).fits(cookie, grant));
  }

  @Test
  void aSessionOfItsOwnProcessStaysGoodWhenTheIssuerGetsASecret() {
    Secret own = OnceProofs.randomKey();
    String cookie = new OnceProofs(List::of, own).cookie(token, grant);
    OnceProofs later = new OnceProofs(() -> List.of(NEW), own);
    assertTrue(later.fits(cookie, grant));
    assertNotEquals(cookie, later.cookie(token, grant));
  }

  @Test
  void whatDoesNotNeedAProofHasNone() {
    OnceProofs proofs = proofs(() -> List.of(OLD));
    String plain = EntryFixture.token("10.0.0.5").build();
    assertEquals(plain, proofs.cookie(plain, grant(plain)));
    assertTrue(proofs.fits(plain, grant(plain)));
    assertFalse(proofs.fits(plain + ".x", grant(plain)));
    assertFalse(proofs.fits(token, grant));
    assertFalse(proofs.fits(token + ".", grant));
    assertEquals("a.b", OnceProofs.token("a.b"));
    assertEquals("a.b.c", OnceProofs.token("a.b.c.d.e"));
  }

  private static Grant grant(String token) {
    TokenVerifier verifier =
        new TokenVerifier(
            new GatewayConfig.Token(
                List.of(Secret.of(TestTokens.KEY)), Optional.empty(), Duration.ofHours(24)),
            new ManualTime(EntryFixture.START).clock());
    return ((TokenResult.Valid) verifier.verify(token)).grant();
  }
}
