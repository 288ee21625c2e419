package io.github.bmcgateway.proxy.tls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.target.PinAlarm;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of handshakes that came to nothing: of each BMC and reason once a minute, as a
 * page in a browser tries again and again. Safe for use by several threads.
 */
final class TlsLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.github.bmcgateway.BmcTls");
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int MAX_REMEMBERED = 10_000;
  private static final int MAX_REASON_CHARS = 200;

  private final PinAlarm alarm;
  private final Cache<Told, Boolean> told =
      Caffeine.newBuilder()
          .maximumSize(MAX_REMEMBERED)
          .expireAfterWrite(QUIET)
          .executor(Runnable::run)
          .build();

  private record Told(Endpoint bmc, String what) {}

  TlsLog(PinAlarm alarm) {
    this.alarm = alarm;
  }

  /** A certificate was seen for the first time. */
  void remembered(Endpoint bmc, Fingerprint certificate) {
    LOG.info("BMC {} is remembered by its certificate {}", bmc, certificate);
  }

  /**
   * A BMC shows a certificate that it isn't known by.
   *
   * @param acceptable whether the command line can accept it
   */
  void untrusted(Endpoint bmc, Set<Fingerprint> known, Fingerprint shown, boolean acceptable) {
    if (isNew(bmc, shown.hex())) {
      LOG.warn(
          "BMC {} shows certificate {}, but {}. Nothing was sent to it. If that is its certificate: {}",
          bmc,
          shown,
          known.isEmpty() ? "none is pinned for it" : "it is known by " + join(known),
          acceptable ? acceptCommand(bmc) : "put it into bmc.pins");
      alarm.raised(bmc, known, shown);
    }
  }

  /** There is no TLS with a BMC, for another reason than its certificate's fingerprint. */
  void failed(Endpoint bmc, Throwable failure) {
    String reason = clean(String.valueOf(failure.getMessage()));
    if (isNew(bmc, reason)) {
      LOG.warn("No TLS with BMC {}: {}. The command probe tells more", bmc, reason);
    }
  }

  private boolean isNew(Endpoint bmc, String what) {
    return told.asMap().putIfAbsent(new Told(bmc, what), true) == null;
  }

  private static String acceptCommand(Endpoint bmc) {
    return "java -jar bmc-gateway.war accept %s --port %d"
        .formatted(IpAddresses.format(bmc.ip()), bmc.port());
  }

  private static String join(Set<Fingerprint> fingerprints) {
    return fingerprints.stream()
        .map(Fingerprint::toString)
        .sorted()
        .collect(Collectors.joining(" or "));
  }

  /** What a BMC wrote into its certificate may be part of an exception's message. */
  private static String clean(String text) {
    String clean = text.replaceAll("[^\\p{Print}]+", " ").strip();
    return clean.length() <= MAX_REASON_CHARS ? clean : clean.substring(0, MAX_REASON_CHARS);
  }
}
