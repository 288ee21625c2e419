package io.github.bmcgateway.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.Eventually;
import io.github.bmcgateway.testing.Scrape;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

/** What is counted once, by whom, and for how long it is held. */
class MetricsLifeTest {
  private static final String ALARMS = "bmc_gateway_pin_alarms_total";

  @Test
  void twoAtATimeCountForThemselves() {
    try (Metrics one = new Metrics();
        Metrics other = new Metrics()) {
      one.pinAlarm();
      assertEquals(1, Scrape.parse(one.scrape()).value(ALARMS));
      assertEquals(0, Scrape.parse(other.scrape()).value(ALARMS));
    }
  }

  /**
   * The JVM's beans for its collectors live as long as the JVM, and so would the web application.
   */
  @Test
  void nothingHoldsAGatewayWhoseMetricsWereClosed() {
    WeakReference<Readings> gateway = openedAndClosed();
    Eventually.holds(
        "the gateway is collected",
        () -> {
          System.gc();
          return gateway.get() == null;
        });
  }

  private static WeakReference<Readings> openedAndClosed() {
    Readings gateway = NoReadings.make();
    Metrics metrics = new Metrics();
    metrics.show(gateway);
    assertTrue(metrics.scrape().contains(ALARMS));
    metrics.close();
    return new WeakReference<>(gateway);
  }

  @Test
  void aRequestIsCountedOnceAndByItsFirstFailure() {
    try (Metrics metrics = new Metrics()) {
      RequestAudit request = new RequestAudit(line -> {}, metrics, () -> 0);
      request.admitted();
      request.failed(Failure.BMC_TIMEOUT);
      request.failed(Failure.BAD_REQUEST);
      request.over(504);
      request.over(504);
      Scrape scrape = Scrape.parse(metrics.scrape());
      assertEquals(1, scrape.value("bmc_gateway_requests_total", "to", "bmc", "status", "5xx"));
      assertEquals(1, scrape.value("bmc_gateway_faults_total", "fault", "bmc_timeout"));
      assertEquals(0, scrape.value("bmc_gateway_denials_total", "error", "bad_request"));
    }
  }

  @Test
  void aCodeThatNobodyKnowsIsAnotherOne() {
    try (Metrics metrics = new Metrics()) {
      int[] codes = {1000, 1005, 1001, 1002, 1007, 1009, 1011, 1013, 4401, 1006, 4001, -1};
      for (int code : codes) {
        metrics.consoleEnded(code);
      }
      Scrape scrape = Scrape.parse(metrics.scrape());
      String ended = "bmc_gateway_consoles_ended_total";
      assertEquals(2, scrape.value(ended, "close", "normal"));
      assertEquals(1, scrape.value(ended, "close", "going_away"));
      assertEquals(3, scrape.value(ended, "close", "protocol"));
      assertEquals(1, scrape.value(ended, "close", "broken"));
      assertEquals(1, scrape.value(ended, "close", "busy"));
      assertEquals(1, scrape.value(ended, "close", "session_end"));
      assertEquals(1, scrape.value(ended, "close", "lost"));
      assertEquals(2, scrape.value(ended, "close", "other"));
    }
  }
}
