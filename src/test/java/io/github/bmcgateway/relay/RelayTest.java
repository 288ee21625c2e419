package io.github.bmcgateway.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.proxy.BmcFailures;
import io.github.bmcgateway.proxy.RequestRules;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.client.HttpResponseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RelayTest {
  private final Relay relay =
      new Relay(RequestRules::goesOn, BmcFailures::of, () -> new Loops("here"), "pm-session");

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new ConnectException(), Failure.UPSTREAM_UNREACHABLE),
        Arguments.of(new UnknownHostException(), Failure.UPSTREAM_UNREACHABLE),
        Arguments.of(new SocketTimeoutException("connect"), Failure.UPSTREAM_UNREACHABLE),
        Arguments.of(new HttpResponseException("no", null), Failure.UPSTREAM_UNREACHABLE),
        Arguments.of(new SSLHandshakeException("no"), Failure.UPSTREAM_TLS),
        Arguments.of(new TimeoutException(), Failure.UPSTREAM_TIMEOUT));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatFailsOnTheWayToAnotherGatewayIsNotTheBmcsFault(Throwable thrown, Failure expected) {
    assertEquals(expected, relay.failure(thrown));
  }

  @Test
  void theOtherGatewayGivesUpFirst() {
    assertTrue(Relay.answerTimeout(Duration.ofSeconds(1)).toSeconds() > 300);
    assertEquals(Duration.ofSeconds(3610), Relay.answerTimeout(Duration.ofHours(1)));
  }
}
