package io.github.bmcgateway.config;

/** Which TLS is spoken with a BMC. */
public enum TlsProfile {
  /** What the JVM permits: TLS 1.2 and 1.3. */
  MODERN,
  /**
   * Also TLS 1.0 and 1.1, 3DES, static RSA, short keys, and certificates signed with MD5 or SHA-1.
   */
  LEGACY
}
