package io.github.bmcgateway.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.cache.AssetCache.Way;
import io.github.bmcgateway.cache.Flight.Outcome;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.target.VendorProfile.Assets;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;

class AssetCacheTest {
  private static final Assets RULE = new Assets(Pattern.compile(".*"), 3600, false);
  private static final int MAX = 1 << 20;
  private static final Optional<Fingerprint> OLD = Optional.of(new Fingerprint("a".repeat(64)));
  private static final Optional<Fingerprint> NEW = Optional.of(new Fingerprint("b".repeat(64)));

  private final AtomicLong nanos = new AtomicLong();
  private final AssetCache cache = new AssetCache(MAX, nanos::get);

  private Flight lead(String target) throws Exception {
    return assertInstanceOf(Way.Lead.class, cache.enter(AssetKeyTest.key(target), RULE)).flight();
  }

  private static HttpFields.Mutable head(int length) {
    return HttpFields.build()
        .add("Content-Type", "text/javascript")
        .add("Content-Length", Integer.toString(length))
        .add("ETag", "\"1\"");
  }

  private static void begin(Flight flight, HttpFields head) {
    begin(flight, Optional.empty(), head);
  }

  private static void begin(Flight flight, Optional<Fingerprint> shown, HttpFields head) {
    flight.begin(
        new Flight.Answer(shown, 200, head), head.stream().toList(), /* transformed= */ false);
  }

  private void show(Optional<Fingerprint> certificate) throws Exception {
    cache.shown(AssetKeyTest.key("/a.js").endpoint(), certificate.orElseThrow());
  }

  private static Flight.Answer unchanged(Optional<Fingerprint> shown, HttpFields head) {
    return new Flight.Answer(shown, 304, head);
  }

  private Flight fly(String target, byte[] body) throws Exception {
    return fly(target, Optional.empty(), body);
  }

  private Flight fly(String target, Optional<Fingerprint> shown, byte[] body) throws Exception {
    Flight flight = lead(target);
    begin(flight, shown, head(body.length));
    flight.record(ByteBuffer.wrap(body));
    flight.complete();
    return flight;
  }

  private static Outcome outcome(Flight flight) {
    return flight.outcome().getNow(null);
  }

  private boolean has(String target) throws Exception {
    return cache.fresh(AssetKeyTest.key(target)).isPresent();
  }

  @Test
  void whatOneFetchesTheOthersWaitForAndAllGet() throws Exception {
    Flight first = lead("/a.js");
    Way.Follow second =
        assertInstanceOf(Way.Follow.class, cache.enter(AssetKeyTest.key("/a.js"), RULE));
    assertSame(first, second.flight());
    assertNotSame(first, lead("/b.js"));

    begin(first, head(4));
    first.record(ByteBuffer.wrap(new byte[] {1, 2}));
    ByteBuffer rest = ByteBuffer.allocateDirect(2).put((byte) 3).put((byte) 4).flip();
    first.record(rest);
    assertEquals(2, rest.remaining());
    assertFalse(has("/a.js"));
    first.complete();

    assertEquals(Outcome.STORED, outcome(first));
    Asset asset = cache.fresh(AssetKeyTest.key("/a.js")).orElseThrow();
    assertArrayEquals(new byte[] {1, 2, 3, 4}, asset.body());
    assertEquals("\"1\"", asset.tag());
  }

  @Test
  void whoIsNotWaitedForAnyLongerDoesNotKeepTheNextFromIt() throws Exception {
    Flight stuck = lead("/a.js");
    assertFalse(stuck.isSlow());
    nanos.addAndGet(Duration.ofSeconds(11).toNanos());
    assertTrue(stuck.isSlow());
    cache.overtake(stuck);
    Flight next = lead("/a.js");

    begin(stuck, head(1));
    assertFalse(stuck.isSlow());
    nanos.addAndGet(Duration.ofMillis(1_100).toNanos());
    assertTrue(stuck.isSlow(), "no byte for a second");
    for (int i = 0; i < 12; i++) {
      stuck.record(ByteBuffer.allocate(0));
      assertFalse(stuck.isSlow() && i < 8, "bytes come");
      nanos.addAndGet(Duration.ofMillis(900).toNanos());
    }
    stuck.record(ByteBuffer.allocate(0));
    assertTrue(stuck.isSlow(), "ten seconds are enough");

    next.abandon();
    assertEquals(Outcome.ABANDONED, outcome(next));
    lead("/a.js");
  }

  @Test
  void anAnswerThatBeginsWhenItsFetchIsOverTakesNoMemoryFromOthers() throws Exception {
    int bytes = 10_000;
    for (int i = 0; i < MAX / bytes; i++) {
      Flight over = lead("/over" + i + ".js");
      over.abandon();
      begin(over, head(bytes));
      assertFalse(over.isRecording());
    }
    Flight next = lead("/a.js");
    begin(next, head(bytes));
    assertTrue(next.isRecording());
  }

  @Test
  void anotherCertificateDropsWhatIsKeptAndWhatIsUnderWay() throws Exception {
    fly("/a.js", new byte[10]);
    show(OLD);
    assertFalse(has("/a.js"), "nobody knows what it showed before");

    Flight flight = lead("/a.js");
    begin(flight, OLD, head(10));
    show(NEW);
    flight.record(ByteBuffer.allocate(10));
    flight.complete();

    assertEquals(Outcome.ABANDONED, outcome(flight));
    assertFalse(has("/a.js"));
    fly("/a.js", NEW, new byte[10]);
    show(NEW);
    assertTrue(has("/a.js"));
  }

  @Test
  void whatComesOverTheHandshakeThatShowsAnotherCertificateIsKept() throws Exception {
    show(OLD);
    Flight flight = lead("/a.js");
    show(NEW);
    begin(flight, NEW, head(10));
    flight.record(ByteBuffer.allocate(10));
    flight.complete();

    assertEquals(Outcome.STORED, outcome(flight));
    assertTrue(has("/a.js"));
  }

  @Test
  void whatComesOverConnectionsToTheOldCertificateIsKeptNoLonger() throws Exception {
    show(OLD);
    show(NEW);
    Flight flight = lead("/a.js");
    begin(flight, OLD, head(10));

    assertFalse(flight.isRecording());
    assertEquals(Outcome.ABANDONED, outcome(flight));
    assertEquals(Outcome.ABANDONED, outcome(fly("/a.js", Optional.empty(), new byte[10])));
    assertEquals(Outcome.STORED, outcome(fly("/a.js", NEW, new byte[10])));
  }

  @Test
  void onlyTheBmcThatAFileIsOfCanSayThatItIsStillTheSame() throws Exception {
    show(OLD);
    fly("/a.js", OLD, new byte[10]);
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());
    Flight one = lead("/a.js");
    show(NEW);
    assertTrue(one.stale().isPresent(), "asked before the other certificate was seen");
    assertTrue(one.renew(unchanged(NEW, HttpFields.EMPTY)).isEmpty());

    fly("/a.js", NEW, new byte[10]);
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());
    Flight two = lead("/a.js");
    show(OLD);
    assertTrue(two.renew(unchanged(NEW, HttpFields.EMPTY)).isEmpty());

    fly("/a.js", OLD, new byte[10]);
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());
    assertTrue(lead("/a.js").renew(unchanged(NEW, HttpFields.EMPTY)).isEmpty());
    assertTrue(lead("/a.js").renew(unchanged(OLD, HttpFields.EMPTY)).isPresent());
  }

  @Test
  void whatIsFoundToBeTheSameIsNotUsedOnceTheBmcIsAnother() throws Exception {
    fly("/a.js", new byte[10]);
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());
    Flight flight = lead("/a.js");
    assertTrue(flight.stale().isPresent());
    cache.updating(AssetKeyTest.key("/a.js").endpoint());

    assertTrue(flight.renew(unchanged(Optional.empty(), HttpFields.EMPTY)).isEmpty());
    assertInstanceOf(Way.Alone.class, cache.enter(AssetKeyTest.key("/a.js"), RULE));
  }

  @Test
  void aTagThatIsNotTheOneThatWasAskedAboutRenewsNothing() throws Exception {
    fly("/a.js", new byte[10]);
    nanos.addAndGet(Duration.ofMinutes(61).toNanos());

    HttpFields other = HttpFields.build().add("ETag", "\"2\"");
    assertTrue(lead("/a.js").renew(unchanged(Optional.empty(), other)).isEmpty());
    Flight again = lead("/a.js");
    HttpFields same = HttpFields.build().add("ETag", "W/\"1\"");
    assertTrue(again.renew(unchanged(Optional.empty(), same)).isPresent());
    assertEquals(Outcome.STORED, outcome(again));
    assertTrue(has("/a.js"));
  }

  @Test
  void whatCanNotBeKeptIsRememberedForAMinuteSoThatNobodyWaits() throws Exception {
    Flight large = lead("/a.js");
    begin(large, head(MAX));
    assertEquals(Outcome.REFUSED, outcome(large));
    assertInstanceOf(Way.Alone.class, cache.enter(AssetKeyTest.key("/a.js"), RULE));
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    Flight missing = lead("/a.js");
    missing.begin(new Flight.Answer(Optional.empty(), 404, head(1)), List.of(), false);
    assertEquals(Outcome.REFUSED, outcome(missing));
    lead("/a.js");
  }

  @Test
  void itsMemoryIsBoundedWithTheHeadsAndWithWhatIsUnderWay() throws Exception {
    for (int i = 0; i < 400; i++) {
      fly("/a" + i + ".js", new byte[10_000]);
    }
    assertTrue(cache.use().bytes() <= MAX, cache.use()::toString);
    assertTrue(cache.use().entries() > 60, cache.use()::toString);
    assertTrue(cache.use().entries() < MAX / 10_000, cache.use()::toString);

    List<Flight> flights = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Flight flight = lead("/b" + i + ".js");
      begin(flight, head(50_000));
      flights.add(flight);
    }
    assertEquals(10, flights.stream().filter(Flight::isRecording).count());
    flights.forEach(Flight::abandon);
    Flight later = lead("/c.js");
    begin(later, head(50_000));
    assertTrue(later.isRecording());
  }

  @Test
  void switchedOffItKeepsNothing() throws Exception {
    fly("/a.js", new byte[10]);
    cache.resize(0);

    assertFalse(has("/a.js"));
    assertEquals(0, cache.use().entries());
    assertInstanceOf(Way.Alone.class, cache.enter(AssetKeyTest.key("/a.js"), RULE));
    cache.resize(MAX);
    fly("/a.js", new byte[10]);
    assertTrue(has("/a.js"));
  }
}
