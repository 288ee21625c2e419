package io.github.bmcgateway.config;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a certificate is known by: SHA-256 over its whole encoding. Not over its public key alone,
 * because the whole certificate's is what BMCs' own pages, browsers and {@code openssl x509
 * -fingerprint -sha256} show, so people can compare it, and because BMCs make a new key with each
 * certificate.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Fingerprint(String hex) {
  private static final Pattern PLAIN = Pattern.compile("[0-9A-Fa-f]{64}");
  private static final Pattern COLONS = Pattern.compile("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31}");
  private static final HexFormat SHOWN = HexFormat.ofDelimiter(":").withUpperCase();

  /** Reads 64 hexadecimal digits, with colons between the bytes or without; empty if it's else. */
  public static Optional<Fingerprint> parse(String text) {
    return PLAIN.matcher(text).matches() || COLONS.matcher(text).matches()
        ? Optional.of(new Fingerprint(text.replace(":", "").toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  /** The fingerprint of a certificate. */
  public static Fingerprint of(Certificate certificate) throws CertificateEncodingException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return new Fingerprint(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As people compare it: upper case, a colon between bytes. */
  @Override
  public String toString() {
    return SHOWN.formatHex(HexFormat.of().parseHex(hex));
  }
}
