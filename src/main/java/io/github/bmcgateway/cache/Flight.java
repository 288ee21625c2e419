package io.github.bmcgateway.cache;

import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.target.VendorProfile.Assets;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * One fetch of an asset, for whoever wants it meanwhile: its answer goes to the browser that asked
 * first, and is recorded on the way. Safe for use by several threads.
 */
public final class Flight {
  /** How long others wait for the answer to begin. */
  private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long, once it has begun, for its next bytes; a browser that reads slowly stops them. */
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long for its end. */
  private static final long BODY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int FIRST_BUFFER_BYTES = 16 * 1024;

  /** What became of it for those who wait. */
  public enum Outcome {
    /** The asset is there. */
    STORED,
    /** Who fetched it has left, or failed: somebody else may try. */
    ABANDONED,
    /** It can't be kept: each has to ask by himself. */
    REFUSED
  }

  private final AssetCache cache;
  private final AssetKey key;
  private final Assets rule;
  private final Optional<Asset> stale;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final long begun;
  private byte[] buffer = new byte[0];
  private int length;
  private long reserved;
  private @Nullable Head head;
  private volatile boolean dropped;
  private volatile boolean answered;
  private volatile long headAt;
  private volatile long bytesAt;

  /**
   * The head of an answer, as the BMC gave it.
   *
   * @param certificate what it showed when the connection was made that the answer comes over
   */
  public record Answer(Optional<Fingerprint> certificate, int status, HttpFields headers) {}

  /** What is known once the answer has begun. */
  private record Head(Duration lifetime, List<HttpField> kept, Asset.Origin origin) {}

  Flight(AssetCache cache, AssetKey key, Assets rule, Optional<Asset> stale) {
    this.cache = cache;
    this.key = key;
    this.rule = rule;
    this.stale = stale;
    this.begun = cache.now();
  }

  AssetKey key() {
    return key;
  }

  /** What was kept, and whose time is over: the BMC is asked whether it is still the same. */
  public Optional<Asset> stale() {
    return stale.filter(asset -> asset.origin().canBeAsked());
  }

  /** Told when it is over. */
  public CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /** Whether those who wait had better not wait any longer. */
  public boolean isSlow() {
    long now = cache.now();
    return answered
        ? now - bytesAt > STALL_NANOS || now - headAt > BODY_NANOS
        : now - begun > HEAD_NANOS;
  }

  /** What is kept of this BMC counts no longer, and what is on its way neither. */
  void drop() {
    dropped = true;
  }

  /**
   * The answer has begun.
   *
   * @param down its headers as the browser gets them
   * @param transformed whether the length that the BMC declared isn't that of the body
   */
  public synchronized void begin(Answer answer, List<HttpField> down, boolean transformed) {
    long now = cache.now();
    bytesAt = now;
    headAt = now;
    answered = true;
    if (outcome.isDone()) {
      // Nobody would give back what it takes.
      return;
    }
    if (!cache.isOfNow(key, answer.certificate())) {
      abandon();
      return;
    }
    Optional<Duration> lifetime = Storing.lifetime(key, rule, answer, down);
    long declared = transformed ? -1 : answer.headers().getLongField(HttpHeader.CONTENT_LENGTH);
    if (lifetime.isEmpty() || declared == 0 || declared > cache.longest()) {
      refuse(/* always= */ answer.status() == 200);
      return;
    }
    head = new Head(lifetime.get(), Storing.kept(down), Storing.origin(answer));
    makeRoom(declared > 0 ? (int) declared : FIRST_BUFFER_BYTES);
  }

  /** Makes the buffer larger, if there is memory for it. */
  private boolean makeRoom(int bytes) {
    int more = bytes - buffer.length;
    if (more > 0 && !cache.reserve(more)) {
      refuse(/* always= */ false);
      return false;
    }
    if (more > 0) {
      reserved += more;
      buffer = Arrays.copyOf(buffer, bytes);
    }
    return true;
  }

  /** Whether what comes is recorded. */
  public synchronized boolean isRecording() {
    return head != null && !outcome.isDone();
  }

  /** A part of the body, as it is sent; the buffer is left as it is. */
  public synchronized void record(ByteBuffer part) {
    bytesAt = cache.now();
    int bytes = part.remaining();
    if (head == null || outcome.isDone() || bytes == 0) {
      return;
    }
    long needed = (long) length + bytes;
    if (needed > cache.longest()) {
      refuse(/* always= */ true);
      return;
    }
    if (needed > buffer.length && !makeRoom((int) Math.min(cache.longest(), 2 * needed))) {
      return;
    }
    part.duplicate().get(buffer, length, bytes);
    length += bytes;
  }

  /** The body has come to its end, whole. */
  public synchronized void complete() {
    Head known = head;
    if (known == null || outcome.isDone()) {
      return;
    }
    byte[] body = buffer.length == length ? buffer : Arrays.copyOf(buffer, length);
    Asset asset =
        AssetCache.asset(key, known.kept(), body, known.origin(), cache.until(known.lifetime()));
    over(store(asset) ? Outcome.STORED : Outcome.ABANDONED);
  }

  /**
   * The BMC says that what was kept is still the same.
   *
   * @return it, for the browser that asked; empty when it can't be used after all
   */
  public synchronized Optional<Asset> renew(Answer answer) {
    Optional<Asset> asset = stale().filter(kept -> isOf(kept, answer) && !outcome.isDone());
    if (asset.isEmpty() || dropped) {
      abandon();
      return Optional.empty();
    }
    Optional<Duration> lifetime = Lifetime.of(answer.headers(), rule);
    if (lifetime.isEmpty()) {
      cache.remove(key);
      refuse(/* always= */ true);
      return asset;
    }
    cache.renewed();
    Asset renewed = asset.get().until(cache.until(lifetime.get()));
    boolean stored = store(renewed);
    over(stored ? Outcome.STORED : Outcome.ABANDONED);
    return stored ? Optional.of(renewed) : Optional.empty();
  }

  private static boolean isOf(Asset kept, Answer answer) {
    String tag = answer.headers().get(HttpHeader.ETAG);
    boolean sameTag =
        tag == null || kept.origin().tag().map(own -> bare(own).equals(bare(tag))).orElse(true);
    return sameTag && kept.origin().certificate().equals(answer.certificate());
  }

  private static String bare(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  /** Looks after it was put there: who drops marks first and removes then. */
  private boolean store(Asset asset) {
    cache.put(key, asset);
    boolean counts = !dropped && cache.isOfNow(key, asset.origin().certificate());
    if (!counts) {
      cache.remove(key);
    }
    return counts;
  }

  /** Who asked has left, or the exchange failed. */
  public void abandon() {
    over(Outcome.ABANDONED);
  }

  /** The answer turns out to be of no use to others. */
  public void refuse() {
    refuse(/* always= */ false);
  }

  private void refuse(boolean always) {
    if (always && !outcome.isDone()) {
      cache.remember(key);
    }
    over(Outcome.REFUSED);
  }

  private void over(Outcome end) {
    // First, so that who is told finds no trace of it.
    cache.landed(this);
    if (outcome.complete(end)) {
      release();
    }
  }

  private synchronized void release() {
    cache.release(reserved);
    reserved = 0;
    buffer = new byte[0];
    length = 0;
    head = null;
  }
}
