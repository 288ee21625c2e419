package io.github.bmcgateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.CertificateWatch;
import io.github.bmcgateway.target.VendorProfile.Assets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Static files of BMCs, in a bounded part of the heap. Safe for use by several threads; no method
 * blocks.
 *
 * <p>What may be kept and for how long: {@link Storing}, {@link Lifetime}. Of one BMC everything is
 * dropped when it shows another certificate than before, and when its firmware may be about to
 * change; then it is left alone for a time.
 */
public final class AssetCache implements CertificateWatch {
  /** One asset may take so much of it: the 16th part. */
  private static final int ASSETS_AT_LEAST = 16;

  private static final long LONGEST_BYTES = 8L << 20;

  /** What is being recorded may take half as much again. */
  private static final int RECORDING = 2;

  private static final Duration UNUSED = Duration.ofHours(2);
  private static final Duration REFUSED = Duration.ofMinutes(1);
  private static final Duration UPDATE = Duration.ofMinutes(30);
  private static final int MAX_REMEMBERED = 10_000;

  private final Ticker ticker;
  private final Cache<AssetKey, Asset> assets;
  private final Cache<AssetKey, Boolean> refused;
  private final Cache<Endpoint, Fingerprint> certificates;
  private final Cache<Endpoint, Boolean> updating;
  private final Map<AssetKey, Flight> leading = new ConcurrentHashMap<>();
  private final Set<Flight> flights = ConcurrentHashMap.newKeySet();
  private final AtomicLong recording = new AtomicLong();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder renewals = new LongAdder();
  private volatile long maxBytes;

  /** How a request for an asset that isn't there comes by it. */
  public sealed interface Way {
    /** It asks the BMC, for others too; the flight must be brought to an end. */
    record Lead(Flight flight) implements Way {}

    /** Somebody asks already. */
    record Follow(Flight flight) implements Way {}

    /** By itself, and nothing is kept. */
    record Alone() implements Way {}
  }

  /**
   * What is in use.
   *
   * @param bytes of the heap, heads included, about
   * @param entries assets that are kept
   * @param hits requests that were answered without the BMC
   * @param misses requests for assets that the BMC was asked for
   * @param renewals times that the BMC said that an asset is still the same
   */
  public record Use(long bytes, long entries, long hits, long misses, long renewals) {}

  /**
   * @param maxBytes what all assets together may take of the heap; 0 keeps none
   * @param ticker tells when the time of an asset is over
   */
  public AssetCache(long maxBytes, Ticker ticker) {
    this.ticker = ticker;
    this.maxBytes = maxBytes;
    assets =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((AssetKey key, Asset asset) -> key.weight() + asset.weight())
            .expireAfterAccess(UNUSED)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
    refused = remembering(REFUSED);
    certificates = remembering(Duration.ofDays(1));
    updating = remembering(UPDATE);
  }

  private <K, V> Cache<K, V> remembering(Duration time) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_REMEMBERED)
        .expireAfterWrite(time)
        .ticker(ticker)
        .executor(Runnable::run)
        .build();
  }

  /** Makes it larger or smaller; 0 keeps nothing from now on. */
  public void resize(long bytes) {
    maxBytes = bytes;
    assets.policy().eviction().ifPresent(eviction -> eviction.setMaximum(bytes));
  }

  /** The rule for a request, if its answer may be an asset by the vendor's profile. */
  public static Optional<Assets> rule(BmcRequest request) {
    if (request.upstream().isPresent() || request.bmc().profile().assets().isEmpty()) {
      return Optional.empty();
    }
    String target = request.target();
    int query = target.indexOf('?');
    return Targets.mayBeAsset(target)
        ? request.bmc().profile().assetsOf(query < 0 ? target : target.substring(0, query))
        : Optional.empty();
  }

  /** What is kept, if it can be used without asking the BMC; counts it. */
  public Optional<Asset> fresh(AssetKey key) {
    Optional<Asset> found = find(key).filter(asset -> asset.freshUntilNanos() - now() > 0);
    if (found.isPresent()) {
      hits.increment();
    }
    return found;
  }

  /** What is kept and was only just fetched, or found to be the same; counts it. */
  public Optional<Asset> landed(AssetKey key) {
    Optional<Asset> found = find(key);
    if (found.isPresent()) {
      hits.increment();
    }
    return found;
  }

  private Optional<Asset> find(AssetKey key) {
    return Optional.ofNullable(assets.getIfPresent(key)).filter(asset -> !isLeftAlone(key));
  }

  private boolean isLeftAlone(AssetKey key) {
    return updating.estimatedSize() > 0 && updating.getIfPresent(key.endpoint()) != null;
  }

  /** How a request goes on that finds nothing fresh. */
  public Way enter(AssetKey key, Assets rule) {
    if (maxBytes == 0 || isLeftAlone(key) || refused.getIfPresent(key) != null) {
      misses.increment();
      return new Way.Alone();
    }
    Flight mine = new Flight(this, key, rule, find(key));
    Flight first = leading.putIfAbsent(key, mine);
    if (first != null) {
      return new Way.Follow(first);
    }
    misses.increment();
    flights.add(mine);
    if (isLeftAlone(key)) {
      mine.refuse();
      return new Way.Alone();
    }
    return new Way.Lead(mine);
  }

  /** Whoever comes next leads, and this flight goes on beside it. */
  public void overtake(Flight flight) {
    leading.remove(flight.key(), flight);
  }

  /** The firmware of the BMC may be about to change: nothing is kept of it for half an hour. */
  public void updating(Endpoint bmc) {
    updating.put(bmc, true);
    flights.stream().filter(flight -> isOf(flight.key(), bmc)).forEach(Flight::drop);
    drop(bmc);
  }

  /**
   * {@inheritDoc} What was kept of a BMC with another one is dropped, and what still comes over
   * connections to that one isn't kept.
   */
  @Override
  public void shown(Endpoint bmc, Fingerprint certificate) {
    Fingerprint before = certificates.asMap().put(bmc, certificate);
    if (!certificate.equals(before)) {
      drop(bmc);
    }
  }

  /** Whether the BMC has shown no other certificate since, as far as that is known. */
  boolean isOfNow(AssetKey key, Optional<Fingerprint> certificate) {
    Fingerprint last = certificates.getIfPresent(key.endpoint());
    return last == null || Optional.of(last).equals(certificate);
  }

  private void drop(Endpoint bmc) {
    List<AssetKey> gone = new ArrayList<>();
    for (AssetKey key : assets.asMap().keySet()) {
      if (isOf(key, bmc)) {
        gone.add(key);
      }
    }
    assets.invalidateAll(gone);
  }

  private static boolean isOf(AssetKey key, Endpoint bmc) {
    return key.bmc().port() == bmc.port() && key.bmc().ip().equals(bmc.ip());
  }

  /** What is in use now. */
  public Use use() {
    assets.cleanUp();
    long bytes = assets.policy().eviction().map(by -> by.weightedSize().orElse(0)).orElse(0L);
    return new Use(bytes, assets.estimatedSize(), hits.sum(), misses.sum(), renewals.sum());
  }

  /** What all assets together may take. */
  public long maxBytes() {
    return maxBytes;
  }

  /** What a request gets of an asset. */
  public static Reply reply(Asset asset, Reply.Conditions conditions) {
    return Replies.of(asset, conditions);
  }

  static Asset asset(
      AssetKey key, List<HttpField> kept, byte[] body, Asset.Origin origin, long freshUntil) {
    List<HttpField> headers = new ArrayList<>(kept);
    Optional<String> given =
        kept.stream().filter(field -> field.is("ETag")).map(HttpField::getValue).findFirst();
    String tag = given.orElseGet(() -> new EntityTags(key).ofBody(body));
    if (given.isEmpty()) {
      headers.add(new HttpField(HttpHeader.ETAG, tag));
    }
    headers.add(new HttpField(HttpHeader.ACCEPT_RANGES, "bytes"));
    return new Asset(headers, body, tag, origin, freshUntil);
  }

  void put(AssetKey key, Asset asset) {
    assets.put(key, asset);
  }

  void remove(AssetKey key) {
    assets.invalidate(key);
  }

  /** That nothing can be kept under this key, so that nobody waits for it. */
  void remember(AssetKey key) {
    refused.put(key, true);
  }

  void renewed() {
    renewals.increment();
  }

  void landed(Flight flight) {
    leading.remove(flight.key(), flight);
    flights.remove(flight);
  }

  long now() {
    return ticker.read();
  }

  long until(Duration lifetime) {
    return now() + lifetime.toNanos();
  }

  long longest() {
    return Math.min(maxBytes / ASSETS_AT_LEAST, LONGEST_BYTES);
  }

  boolean reserve(int bytes) {
    if (recording.addAndGet(bytes) > maxBytes / RECORDING) {
      recording.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void release(long bytes) {
    recording.addAndGet(-bytes);
  }
}
