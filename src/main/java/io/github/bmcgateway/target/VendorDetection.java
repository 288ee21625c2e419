package io.github.bmcgateway.target;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.config.IpAddresses;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;

/**
 * Finds out BMCs' vendors by asking them, without credentials, for what the profiles' probes name.
 * An answer is remembered for an hour, that no profile fits for five minutes, or for half a minute
 * where the BMC seemed to be in trouble; a BMC that doesn't answer at all isn't remembered. Whoever
 * asks while an answer is awaited gets the same one. Blocks nobody; safe for use by several
 * threads.
 */
public final class VendorDetection {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration KNOWN = Duration.ofHours(1);
  private static final Duration UNKNOWN = Duration.ofMinutes(5);
  private static final Duration TROUBLED = Duration.ofSeconds(30);

  /** Inquiries wait as if they were one session. */
  private static final String WAITING = "detection";

  private static final int MAX_REMEMBERED = 10_000;

  private final HttpClient client;
  private final BmcGate gate;
  private final Duration limit;
  private final List<VendorProfile> profiles;
  private final VendorProfile generic;
  private final AsyncCache<BmcAddress, Answer> answers;

  /** What came of asking a BMC, and how long that is remembered. */
  private sealed interface Answer {
    Duration time();
  }

  private record Vendor(VendorProfile profile, Duration time) implements Answer {}

  /** Goes to whoever waits for it and to nobody else. */
  private record Failed(Throwable cause) implements Answer {
    @Override
    public Duration time() {
      return Duration.ZERO;
    }
  }

  /**
   * @param client the client for all BMCs, started when the first BMC is asked; it sends targets
   *     byte for byte, follows no redirects and decodes nothing
   * @param gate is asked for a place for each inquiry
   * @param profiles what BMCs are compared with
   * @param ticker tells when answers are forgotten
   */
  public VendorDetection(HttpClient client, BmcGate gate, VendorProfiles profiles, Ticker ticker) {
    this(client, gate, profiles, ticker, LIMIT);
  }

  /**
   * @param limit longest time that the inquiry of one BMC takes
   */
  VendorDetection(
      HttpClient client, BmcGate gate, VendorProfiles profiles, Ticker ticker, Duration limit) {
    this.client = client;
    this.gate = gate;
    this.limit = limit;
    this.profiles =
        profiles.all().stream().sorted(Comparator.comparing(VendorProfile::name)).toList();
    this.generic = profiles.find(Optional.empty()).orElseThrow();
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfter(Expiry.<BmcAddress, Answer>writing((address, answer) -> answer.time()))
            .ticker(ticker)
            .executor(Runnable::run)
            .buildAsync();
  }

  /** What is remembered of the BMC; asks nobody. */
  public Optional<VendorProfile> known(BmcAddress bmc) {
    return answers.synchronous().getIfPresent(bmc) instanceof Vendor vendor
        ? Optional.of(vendor.profile())
        : Optional.empty();
  }

  /**
   * The profile of the BMC, {@code generic} where no other fits. Takes 10 seconds at most once it
   * has a place; fails as the client does when the BMC doesn't answer, and as the gate does when
   * there is no place.
   */
  public CompletableFuture<VendorProfile> detect(Bmc bmc) {
    return answers
        .get(bmc.address(), (address, executor) -> inquire(bmc))
        .thenCompose(VendorDetection::unpack);
  }

  private static CompletableFuture<VendorProfile> unpack(Answer answer) {
    return answer instanceof Vendor vendor
        ? CompletableFuture.completedFuture(vendor.profile())
        : CompletableFuture.failedFuture(((Failed) answer).cause());
  }

  private CompletableFuture<Answer> inquire(Bmc bmc) {
    // The cache logs futures that fail, with their stack traces, as if that were its own trouble.
    return gate.request(bmc, WAITING)
        .thenCompose(
            permit ->
                // A stage of its own: what is thrown there gives the place back, too.
                CompletableFuture.completedFuture(bmc.address())
                    .thenCompose(this::inquiry)
                    .whenComplete((outcome, failure) -> permit.close()))
        .thenApply(this::toKeep)
        .exceptionally(Failed::new);
  }

  private CompletableFuture<Inquiry.Outcome> inquiry(BmcAddress bmc) {
    long deadline = System.nanoTime() + limit.toNanos();
    return new Inquiry(profiles, path -> ask(bmc, path, deadline)).start();
  }

  private Answer toKeep(Inquiry.Outcome outcome) {
    if (outcome instanceof Inquiry.Outcome.Found found) {
      return new Vendor(found.profile(), KNOWN);
    }
    return new Vendor(generic, outcome instanceof Inquiry.Outcome.Troubled ? TROUBLED : UNKNOWN);
  }

  private CompletableFuture<ProbeAnswer> ask(BmcAddress bmc, String path, long deadline) {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (millis <= 0) {
      return CompletableFuture.failedFuture(new TimeoutException("the BMC takes too long"));
    }
    CompletableFuture<ProbeAnswer> answer = new CompletableFuture<>();
    client
        .newRequest("https://" + IpAddresses.formatHost(bmc.ip()) + ":" + bmc.port())
        .path(path)
        .tag(new Budget(bmc.ip(), bmc.port(), generic.limits()))
        .headers(
            headers -> headers.clear().add("Host", bmc.authority()).add("Accept-Encoding", "gzip"))
        .timeout(millis, TimeUnit.MILLISECONDS)
        .send(new ProbeReader(answer));
    return answer;
  }
}
