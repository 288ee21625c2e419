package io.github.bmcgateway.cli;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.proxy.tls.TlsProbe;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is told of one BMC. */
record ProbeReport(
    Endpoint bmc,
    TlsProbe.Facts facts,
    Fingerprint fingerprint,
    ProbeCommand.Detected vendor,
    Instant now) {
  private static final int HTTPS_PORT = 443;

  List<String> lines() {
    X509Certificate certificate = facts.certificate();
    List<String> lines =
        new ArrayList<>(
            List.of(
                line("BMC", bmc.toString()),
                line("vendor", vendor.words()),
                line("certificate", fingerprint.toString()),
                line("subject", read(() -> certificate.getSubjectX500Principal().getName())),
                line("issuer", read(() -> certificate.getIssuerX500Principal().getName())),
                line("valid", read(() -> validity(certificate))),
                line("key", read(() -> key(certificate))),
                line(
                    "TLS",
                    facts.versions().stream()
                        .map(ProbeReport::version)
                        .collect(Collectors.joining(", "))),
                "",
                "bmc:"));
    lines.addAll(override());
    lines.add("  pins:");
    lines.add(
        "    - {address: %s%s, sha256: \"%s\"}"
            .formatted(
                address(), bmc.port() == HTTPS_PORT ? "" : ", port: " + bmc.port(), fingerprint));
    return lines;
  }

  private List<String> override() {
    String parts =
        Stream.of(
                vendor.name().map(name -> ", vendor: " + name),
                facts.modern() ? Optional.<String>empty() : Optional.of(", tls: legacy"))
            .flatMap(Optional::stream)
            .collect(Collectors.joining());
    return parts.isEmpty()
        ? List.of()
        : List.of("  overrides:", "    - {address: " + address() + parts + "}");
  }

  /** As YAML has to be given it. */
  private String address() {
    String address = IpAddresses.format(bmc.ip());
    return address.contains(":") ? '"' + address + '"' : address;
  }

  private String validity(X509Certificate certificate) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    String remark = now.isAfter(to) ? " (expired)" : now.isBefore(from) ? " (not yet)" : "";
    return from + " to " + to + remark;
  }

  private static String key(X509Certificate certificate) {
    return keyOf(certificate.getPublicKey()) + ", signed with " + certificate.getSigAlgName();
  }

  private static String keyOf(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return "RSA " + rsa.getModulus().bitLength();
    }
    return key instanceof ECPublicKey ec
        ? "EC " + ec.getParams().getOrder().bitLength()
        : key.getAlgorithm();
  }

  private static String version(TlsProbe.Version version) {
    return version.name() + version.suite().map(suite -> " (" + suite + ")").orElse(" no");
  }

  private static String line(String name, String value) {
    return "%-12s  %s".formatted(name, value);
  }

  /** The certificate's texts are the BMC's: they may be broken, and must not steer a terminal. */
  private static String read(Supplier<String> part) {
    try {
      return part.get().replaceAll("[^\\p{Print}]", "?");
    } catch (RuntimeException e) {
      return "can't be read";
    }
  }
}
