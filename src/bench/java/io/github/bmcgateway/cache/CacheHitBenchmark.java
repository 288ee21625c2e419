package io.github.bmcgateway.cache;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.VendorProfile.Assets;
import io.github.bmcgateway.target.VendorProfiles;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One operation finds out that a request is for an asset, looks it up among 2,000, decides what the
 * request gets of it, and goes through the headers; the body is no part of it, since it isn't
 * copied.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class CacheHitBenchmark {
  private static final int ASSETS = 2_000;

  /** Whether the browser has the file already. */
  @Param({"false", "true"})
  public boolean reload;

  private final AssetCache cache = new AssetCache(64 << 20, System::nanoTime);
  private final BmcRequest request = request("/js/application.js?v=5.10");
  private Reply.Conditions conditions = Reply.Conditions.NONE;

  private static BmcRequest request(String target) {
    BmcAddress address =
        new BmcAddress(
            IpAddresses.parse("10.0.0.5").orElseThrow(), 443, Optional.of("bmc5.example.com"));
    Bmc bmc =
        new Bmc(address, 443, VendorProfiles.builtIn().find(Optional.of("ilo5")).orElseThrow());
    return new BmcRequest(
        bmc,
        target,
        new PublicOrigin("https", "customer-7.pm.example.com", 443),
        (kind, work) -> Optional.empty());
  }

  /** Fills the cache. */
  @Setup
  public void fill() {
    for (int i = 0; i < ASSETS; i++) {
      keep(request("/js/part" + i + ".js"));
    }
    keep(request);
    Asset asset = cache.fresh(AssetKey.of(request, true)).orElseThrow();
    if (reload) {
      conditions =
          new Reply.Conditions(
              Optional.of(asset.tag()), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  private void keep(BmcRequest of) {
    AssetKey key = AssetKey.of(of, true);
    Assets rule = AssetCache.rule(of).orElseThrow();
    HttpFields head =
        HttpFields.build()
            .add("Content-Type", "text/javascript")
            .add("Content-Length", "10000")
            .add("Last-Modified", "Sat, 21 Nov 2026 20:46:18 GMT")
            .add("Cache-Control", "private, no-cache")
            .add("ETag", new EntityTags(key).down("\"1\"").orElseThrow());
    if (cache.enter(key, rule) instanceof AssetCache.Way.Lead lead) {
      HttpFields given = HttpFields.build(head).remove("Cache-Control");
      lead.flight()
          .begin(new Flight.Answer(Optional.empty(), 200, given), head.stream().toList(), false);
      lead.flight().record(ByteBuffer.allocate(10_000));
      lead.flight().complete();
    }
  }

  /** A request that finds what it wants. */
  @Benchmark
  public void hit(Blackhole result) {
    if (AssetCache.rule(request).isEmpty()) {
      throw new IllegalStateException("no asset");
    }
    Asset asset = cache.fresh(AssetKey.of(request, true)).orElseThrow();
    result.consume(AssetCache.reply(asset, conditions));
    for (HttpField field : asset.headers()) {
      result.consume(field.getName());
      result.consume(field.getValue());
    }
    result.consume(asset.body());
  }
}
