package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.Recorder;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Proves;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.VendorMatrix.Part;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One browser, one public host, one BMC of every vendor: each vendor after each other one. Nothing
 * that a BMC's pages left in the browser is there for the next one, and nothing of it reaches it.
 */
class SwitchJourneysIT {

  /**
   * Every ordered pair of the four exactly once, as neighbours: a closed walk over all twelve
   * edges.
   */
  private static final List<String> WALK =
      List.of(
          "idrac8",
          "idrac9",
          "idrac8",
          "ilo5",
          "idrac8",
          "asrockrack",
          "idrac9",
          "ilo5",
          "idrac9",
          "asrockrack",
          "ilo5",
          "asrockrack",
          "idrac8");

  private static final int SESSION_POOL = 8;
  private static final String SESSION_COOKIE = "pm-session";

  /** What is long enough to be a session's secret and not a word that vendors share. */
  private static final Pattern SECRET = Pattern.compile("[0-9A-Za-z]{16,}");

  private static final Set<String> SECRET_HEADERS =
      Set.of("cookie", "st2", "x-auth-token", "xsrf-token", "x-csrftoken");

  /** A BMC and what its user does to log in, from the link to the complete first page. */
  private record Unit(String tag, String token, Recorder recorder, Runnable logIn) {}

  private final KeyStore keys = TestCertificates.localhost();
  private Idrac8Simulator idrac8;
  private Idrac9Simulator idrac9;
  private Ilo5Simulator ilo5;
  private AsrockrackSimulator asrockrack;
  private GatewayFixture gateway;
  private Browser browser;
  private Map<String, Unit> units;

  /** What came from a unit's own pages: all but the requests of a page that was being left. */
  private final Map<String, List<RecordedRequest>> ofOwnPages = new HashMap<>();

  @BeforeEach
  void start() throws Exception {
    idrac8 = Idrac8Simulator.builder().tag("TAGOFDRAC8").sessionPool(SESSION_POOL).start();
    idrac9 = Idrac9Simulator.builder().tag("TAGOFDRAC9").sessionPool(SESSION_POOL).start();
    ilo5 = Ilo5Simulator.builder().tag("TAGOFILO5").sessionPool(SESSION_POOL).start();
    asrockrack = AsrockrackSimulator.builder().tag("TAGOFAMI").sessionPool(SESSION_POOL).start();
    gateway =
        GatewayFixture.builder(idrac8.port(), idrac9.port(), ilo5.port(), asrockrack.port())
            .keys(keys)
            .start();
    browser = Browser.startBlockingPopups(keys);
    units =
        Map.of(
            "idrac8", unitOf(idrac8),
            "idrac9", unitOf(idrac9),
            "ilo5", unitOf(ilo5),
            "asrockrack", unitOf(asrockrack));
  }

  @AfterEach
  void stop() throws Exception {
    browser.close();
    gateway.close();
    idrac8.close();
    idrac9.close();
    ilo5.close();
    asrockrack.close();
  }

  @Test
  @Proves(
      vendors = {"idrac8", "idrac9", "ilo5", "asrockrack"},
      parts = Part.SWITCH)
  void nothingOfABmcSurvivesTheLinkOfAnother() {
    assertEquals(12, pairs().size(), "every ordered pair");
    Set<String> before = Set.of();
    for (String vendor : WALK) {
      Unit unit = units.get(vendor);
      browser.topDocument();
      browser.open(gateway.link(unit.token()));
      assertNothingIsLeft(vendor, before);
      int loaded = unit.recorder().requests().size();
      unit.logIn().run();
      browser.topDocument();
      before = leaveSomethingBehind(vendor);
      List<RecordedRequest> all = unit.recorder().requests();
      ofOwnPages
          .computeIfAbsent(vendor, any -> new ArrayList<>())
          .addAll(all.subList(loaded, all.size()));
    }
    units.forEach(this::assertNoCookieOfOthersReached);
    ofOwnPages.forEach(this::assertNothingOfOthersReached);
    units.forEach((vendor, unit) -> assertEquals(List.of(), unit.recorder().violations(), vendor));
  }

  private static Set<String> pairs() {
    Set<String> pairs = new HashSet<>();
    for (int i = 1; i < WALK.size(); i++) {
      assertFalse(WALK.get(i).equals(WALK.get(i - 1)));
      pairs.add(WALK.get(i - 1) + " " + WALK.get(i));
    }
    return pairs;
  }

  /**
   * Adds what a page of any vendor may leave to what this one has left, so that no switch passes
   * for want of something to clear.
   *
   * @return the cookies that are not the gateway's
   */
  private Set<String> leaveSomethingBehind(String vendor) {
    browser.evaluate("localStorage.setItem('left by', '" + vendor + "')");
    browser.evaluate("(document.cookie = 'leftby=" + vendor + "; path=/; secure')");
    browser.await("caches.open('left by " + vendor + "').then(() => true)");
    Set<String> cookies =
        browser.cookies().stream()
            .filter(cookie -> !cookie.startsWith(SESSION_COOKIE))
            .collect(Collectors.toSet());
    assertTrue(cookies.size() > 1, () -> vendor + " left only " + cookies);
    return cookies;
  }

  private void assertNothingIsLeft(String vendor, Set<String> cookiesBefore) {
    Set<String> left = new HashSet<>(browser.cookies());
    left.retainAll(cookiesBefore);
    assertEquals(Set.of(), left, "cookies at " + vendor);
    assertEquals(null, browser.evaluate("localStorage.getItem('left by')"), vendor);
    String stored = (String) browser.evaluate("JSON.stringify([localStorage, sessionStorage])");
    otherTags(vendor).forEach(tag -> assertFalse(stored.contains(tag), vendor + ": " + stored));
    assertEquals(List.of(), browser.await("caches.keys()"), vendor);
    assertEquals(
        0L,
        browser.await("navigator.serviceWorker.getRegistrations().then((found) => found.length)"),
        vendor);
  }

  /** Whatever sent it: cookies are the browser's, and it has none left. */
  private void assertNoCookieOfOthersReached(String vendor, Unit unit) {
    Set<String> foreign = secretsOfOthers(vendor);
    others(vendor).map(other -> "leftby=" + other.getKey()).forEach(foreign::add);
    for (RecordedRequest request : unit.recorder().requests()) {
      String cookies = String.join("; ", request.values("Cookie"));
      List<String> found = foreign.stream().filter(cookies::contains).toList();
      assertEquals(List.of(), found, () -> vendor + " got " + request + " with " + cookies);
    }
  }

  /**
   * Nothing at all from the moment the unit's own page is there. Until then the page that is being
   * left may still run: an iDRAC8's says goodbye with the token that its script holds in memory.
   */
  private void assertNothingOfOthersReached(String vendor, List<RecordedRequest> requests) {
    assertFalse(requests.isEmpty(), vendor);
    Set<String> foreign = secretsOfOthers(vendor);
    foreign.addAll(otherTags(vendor));
    for (RecordedRequest request : requests) {
      String sent = request.target() + "\n" + request.headers();
      List<String> found = foreign.stream().filter(sent::contains).toList();
      assertEquals(List.of(), found, () -> vendor + " got " + sent);
    }
  }

  private Set<String> secretsOfOthers(String vendor) {
    Set<String> secrets =
        others(vendor)
            .flatMap(other -> ofOwnPages.get(other.getKey()).stream())
            .flatMap(SwitchJourneysIT::secrets)
            .collect(Collectors.toCollection(HashSet::new));
    assertTrue(secrets.size() >= 9, "each of three others was logged in to three times");
    return secrets;
  }

  private Stream<Map.Entry<String, Unit>> others(String vendor) {
    return units.entrySet().stream().filter(entry -> !entry.getKey().equals(vendor));
  }

  private List<String> otherTags(String vendor) {
    return others(vendor).map(other -> other.getValue().tag()).toList();
  }

  private static Stream<String> secrets(RecordedRequest request) {
    return request.headers().stream()
        .filter(header -> SECRET_HEADERS.contains(header.name().toLowerCase(Locale.ROOT)))
        .flatMap(header -> SECRET.matcher(header.value()).results().map(MatchResult::group));
  }

  private Unit unitOf(Idrac8Simulator bmc) {
    Idrac8Pages pages = new Idrac8Pages(browser, bmc);
    return new Unit(
        bmc.tag(),
        Tokens.mint(bmc.port(), "idrac8"),
        bmc.recorder(),
        () -> {
          pages.logIn(bmc.password());
          pages.awaitSummary();
        });
  }

  private Unit unitOf(Idrac9Simulator bmc) {
    Idrac9Pages pages = new Idrac9Pages(browser, bmc);
    return new Unit(
        bmc.tag(),
        Tokens.mint(bmc.port(), "idrac9"),
        bmc.recorder(),
        () -> {
          pages.logIn(bmc.password());
          pages.awaitDashboard();
        });
  }

  private Unit unitOf(Ilo5Simulator bmc) {
    Ilo5Pages pages = new Ilo5Pages(browser, bmc);
    return new Unit(
        bmc.tag(),
        Tokens.mint(bmc.port(), "ilo5"),
        bmc.recorder(),
        () -> {
          pages.logIn(bmc.password());
          pages.awaitApplication();
        });
  }

  private Unit unitOf(AsrockrackSimulator bmc) {
    AsrockrackPages pages = new AsrockrackPages(browser, bmc);
    return new Unit(
        bmc.tag(),
        Tokens.mint(bmc.port(), "asrockrack"),
        bmc.recorder(),
        () -> {
          pages.logIn(bmc.password());
          pages.awaitDashboard();
        });
  }
}
