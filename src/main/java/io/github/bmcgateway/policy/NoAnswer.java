package io.github.bmcgateway.policy;

import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Says in a few words why the server of {@code shared.redis} couldn't be asked. */
final class NoAnswer {
  private NoAnswer() {}

  /** Of TLS, what was wrong at the bottom, such as the name; of all else what the client says. */
  static String reason(RuntimeException failure) {
    return causes(failure)
        .filter(SSLException.class::isInstance)
        .findFirst()
        .flatMap(tls -> causes(tls).reduce((above, below) -> below))
        .flatMap(deepest -> Optional.ofNullable(deepest.getMessage()))
        .map(why -> "TLS with it comes to nothing: " + why)
        .orElseGet(failure::toString);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }
}
