package io.github.bmcgateway.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class UrlKeysTest {
  private static final TestJwks OLD = TestJwks.key("old");
  private static final TestJwks NEW = TestJwks.key("new");
  private static final IllegalStateException OUT = new IllegalStateException("server is out");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile CompletableFuture<String> answer = CompletableFuture.failedFuture(OUT);
  private final UrlKeys keys = new UrlKeys("token.jwks", this::fetch, nanos::get);

  @Test
  void keysAreMissingUntilTheFirstFetch() {
    keys.look();
    assertTrue(keys.missing().orElseThrow().startsWith("token.jwks: "));
    answer = given(OLD);
    advance(UrlKeys.RETRY);
    keys.look();
    assertTrue(knows("old"));
    assertEquals(Optional.empty(), keys.missing());
  }

  @Test
  void theSetIsFetchedRegularlyAndMoreOftenAfterAFailure() {
    answer = given(OLD);
    lookFor(UrlKeys.REFRESH.multipliedBy(3));
    assertEquals(3, fetches.get());
    answer = CompletableFuture.failedFuture(OUT);
    lookFor(UrlKeys.REFRESH);
    assertEquals(3 + 10, fetches.get(), 1);
  }

  @Test
  void anUnknownKeyIsFetchedAtOnceButSeldom() {
    answer = given(OLD);
    keys.look();
    answer = given(OLD, NEW);
    assertTrue(keys.renewed().find("ES256", Optional.of("new")).isEmpty());
    advance(UrlKeys.UNKNOWN_KEY);
    for (int i = 0; i < 100; i++) {
      assertFalse(keys.renewed().find("ES256", Optional.of("new")).isEmpty());
      assertFalse(keys.renewed().find("ES256", Optional.of("old")).isEmpty());
    }
    assertEquals(2, fetches.get());
  }

  @Test
  void aTokenAsksForItsKeyOnlyIfItNamesOneThatIsUnknownAndNotASecret() {
    answer = given(OLD);
    keys.look();
    advance(UrlKeys.UNKNOWN_KEY);
    TokenKeys all = TokenKeys.of(keys);
    all.find("HS256", Optional.of("unknown"));
    all.find("none", Optional.of("unknown"));
    all.find("RS256", Optional.empty());
    all.find("ES256", Optional.of("old"));
    assertEquals(1, fetches.get());
    all.find("ES256", Optional.of("unknown"));
    assertEquals(2, fetches.get());
  }

  @Test
  void theLastGoodKeysServeForADayWhileTheServerIsOutOrGivesNonsense() {
    answer = given(OLD);
    keys.look();
    answer = CompletableFuture.failedFuture(OUT);
    lookFor(UrlKeys.TOLERANCE.dividedBy(2));
    answer = CompletableFuture.completedFuture("{\"keys\":[]}");
    lookFor(UrlKeys.TOLERANCE.dividedBy(2).minusMinutes(1));
    assertTrue(knows("old"));
    assertEquals(Optional.empty(), keys.missing());
    lookFor(Duration.ofMinutes(2));
    assertFalse(knows("old"));
    assertTrue(keys.missing().isPresent());
    answer = given(OLD);
    lookFor(UrlKeys.RETRY);
    assertTrue(knows("old"));
  }

  @Test
  void aKeyThatIsTakenBackIsRefusedFromTheNextFetchOn() {
    answer = given(OLD, NEW);
    keys.look();
    answer = given(NEW);
    lookFor(UrlKeys.REFRESH.plusSeconds(1));
    assertFalse(knows("old"));
    assertTrue(knows("new"));
  }

  @Test
  void onlySoManyRequestsWaitForAFetchThatHangs() throws InterruptedException {
    answer = new CompletableFuture<>();
    keys.look();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < UrlKeys.MAX_WAITING; i++) {
      Thread thread = new Thread(keys::renewed);
      thread.start();
      waiting.add(thread);
    }
    Eventually.holds(
        "all wait",
        () -> waiting.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING));
    long before = System.nanoTime();
    keys.renewed();
    assertTrue(System.nanoTime() - before < UrlKeys.PATIENCE.toNanos() / 2, "waited as well");
    answer.complete(TestJwks.set(NEW));
    for (Thread thread : waiting) {
      thread.join();
    }
    assertTrue(knows("new"));
    assertEquals(1, fetches.get());
  }

  @Test
  void aRequestWaitsForABoundedTime() {
    answer = new CompletableFuture<>();
    long before = System.nanoTime();
    keys.renewed();
    long waited = System.nanoTime() - before;
    assertTrue(waited >= UrlKeys.PATIENCE.toNanos() * 9 / 10, waited + " ns");
    assertTrue(waited < UrlKeys.PATIENCE.toNanos() * 3, waited + " ns");
  }

  private CompletableFuture<String> fetch() {
    fetches.incrementAndGet();
    return answer;
  }

  private boolean knows(String kid) {
    return !keys.current().find("ES256", Optional.of(kid)).isEmpty();
  }

  /** Looks every second, as the watcher does. */
  private void lookFor(Duration duration) {
    for (long second = 0; second < duration.toSeconds(); second++) {
      keys.look();
      advance(Duration.ofSeconds(1));
    }
  }

  private void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  private static CompletableFuture<String> given(TestJwks... issuers) {
    return CompletableFuture.completedFuture(TestJwks.set(issuers));
  }
}
