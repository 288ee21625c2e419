package io.github.bmcgateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/**
 * Other gateways, and how they are spoken with.
 *
 * @param hosts their host names
 * @param protocol the protocol of them all
 */
public record UpstreamPattern(HostPattern hosts, UpstreamProtocol protocol) {
  static UpstreamPattern parse(String text) throws BadValueException {
    int equals = text.lastIndexOf('=');
    if (equals < 0) {
      return new UpstreamPattern(Parsers.hostPattern(text), UpstreamProtocol.NATIVE);
    }
    return new UpstreamPattern(
        Parsers.hostPattern(text.substring(0, equals).trim()),
        TrustSettings.word(UpstreamProtocol.class, text.substring(equals + 1).trim()));
  }

  /** A gateway goes by names, not by patterns: another one's name could match. */
  static HostPattern ownName(String text) throws BadValueException {
    HostPattern name = Parsers.hostPattern(text);
    if (name.text().startsWith("*")) {
      throw new BadValueException("a pattern is no name");
    }
    return name;
  }

  static Path authorities(String text) throws BadValueException {
    Path file = Parsers.pem(text, "CERTIFICATE");
    try (InputStream in = Files.newInputStream(file)) {
      CertificateFactory.getInstance("X.509").generateCertificates(in);
      return file;
    } catch (IOException | CertificateException e) {
      throw new BadValueException("a certificate in it can't be read");
    }
  }

  @Override
  public String toString() {
    return hosts.text() + "=" + (protocol == UpstreamProtocol.NATIVE ? "native" : "pmproxy");
  }
}
