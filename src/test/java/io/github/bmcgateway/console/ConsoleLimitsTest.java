package io.github.bmcgateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.GatewayConfig.ConsoleLimits;
import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.JettyFront.WebSocketApi;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many consoles there may be, and that what is refused or over gives its place back. */
class ConsoleLimitsTest {
  private static final int MANY = 100;

  private FakeBmc bmc;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = new FakeBmc();
    gateway = new Gateway(bmc.port(), Gateway.QUICK, Set.of(WebSocketApi.JETTY));
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @ParameterizedTest
  @CsvSource({"2,100,100,429,too_many", "100,2,100,503,busy", "100,100,2,503,busy"})
  void oneMoreThanMayBeIsRefusedBeforeTheBmcIsDialled(
      int perSession, int perBmc, int inAll, int status, String code) throws Exception {
    gateway.setLimits(new ConsoleLimits(perSession, perBmc, inAll));
    try (Wire first = open();
        Wire second = open()) {
      assertRefused(status, code);
      assertFalse(bmc.wasAsked());
      first.text("first");
      second.text("second");
      assertEquals("first", bmc.nextConsole().readFrame().text());
      assertEquals("second", bmc.nextConsole().readFrame().text());
    }
    Eventually.holds("both are over", () -> gateway.session.running() == 0);
    open().close();
  }

  @Test
  void oneThatFailsByAFaultOfTheGatewaysOwnGivesItsPlaceBack() throws Exception {
    try (Wire browser = Wire.connect(gateway.port())) {
      assertEquals(500, Wire.status(browser.write(Wire.upgrade("/kvm", "X-Broken: 1")).readHead()));
    }
    Eventually.holds("no place is taken", () -> gateway.console.open() == 0);
    assertEquals(0, gateway.session.running());
  }

  private Wire open() throws Exception {
    Wire browser = gateway.open("/kvm");
    bmc.nextHead();
    return browser;
  }

  private void assertRefused(int status, String code) throws IOException {
    try (Wire browser = Wire.connect(gateway.port())) {
      String head = browser.write(Wire.upgrade("/kvm")).readHead();
      assertEquals(status, Wire.status(head));
      assertFalse(Wire.header(head, "Retry-After").isEmpty(), head);
      assertTrue(browser.readBody(head).contains("\"error\":\"" + code + "\""), head);
    }
  }

  @Test
  void limitsThatChangeHoldForTheNextAndLeaveWhatIsOpen() throws Exception {
    try (Wire first = open();
        Wire second = open()) {
      gateway.setLimits(new ConsoleLimits(1, MANY, MANY));
      assertRefused(429, "too_many");
      second.text("still here");
      bmc.nextConsole();
      assertEquals("still here", bmc.nextConsole().readFrame().text());
      gateway.setLimits(new ConsoleLimits(3, MANY, MANY));
      open().close();
      first.close();
    }
  }

  @Test
  void whatIsBeingOpenedCountsAndOneMoreIsIndependentOfIt() throws Exception {
    CountDownLatch mayAnswer = new CountDownLatch(1);
    bmc.answering(head -> head.startsWith("GET /slow ") ? late(mayAnswer, head) : answer(head));
    gateway.setLimits(new ConsoleLimits(2, MANY, MANY));
    try (Wire slow = Wire.connect(gateway.port())) {
      slow.write(Wire.upgrade("/slow"));
      bmc.nextHead();
      try (Wire quick = open()) {
        assertRefused(429, "too_many");
        quick.text("quick");
        assertEquals("quick", bmc.nextConsole().readFrame().text());
        mayAnswer.countDown();
        assertEquals(101, Wire.status(slow.readHead()));
      }
    }
  }

  private static String answer(String head) {
    return FakeBmc.accept(head);
  }

  private static String late(CountDownLatch mayAnswer, String head) {
    try {
      assertTrue(mayAnswer.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return FakeBmc.accept(head);
  }

  @Test
  void anUpgradeThatTheBmcRefusesGivesItsPlaceBack() throws Exception {
    gateway.setLimits(new ConsoleLimits(1, 1, 1));
    bmc.answering(head -> FakeBmc.refuse(403));
    for (int i = 0; i < 3; i++) {
      try (Wire browser = Wire.connect(gateway.port())) {
        assertEquals(403, Wire.status(browser.write(Wire.upgrade("/kvm")).readHead()));
      }
    }
    bmc.answering(ConsoleLimitsTest::answer);
    gateway.open("/kvm").close();
  }
}
