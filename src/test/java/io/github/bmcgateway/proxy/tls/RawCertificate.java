package io.github.bmcgateway.proxy.tls;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;

/** A certificate that goes out in other bytes than its own. */
@SuppressWarnings("deprecation")
final class RawCertificate extends X509Certificate {
  private static final long serialVersionUID = 1;

  private final transient X509Certificate original;
  private final byte[] encoded;

  RawCertificate(X509Certificate original, byte[] encoded) {
    this.original = original;
    this.encoded = encoded.clone();
  }

  @Override
  public byte[] getEncoded() {
    return encoded.clone();
  }

  @Override
  public PublicKey getPublicKey() {
    return original.getPublicKey();
  }

  @Override
  public void checkValidity() {}

  @Override
  public void checkValidity(Date date) {}

  @Override
  public int getVersion() {
    return original.getVersion();
  }

  @Override
  public BigInteger getSerialNumber() {
    return original.getSerialNumber();
  }

  @Override
  public Principal getIssuerDN() {
    return original.getIssuerX500Principal();
  }

  @Override
  public Principal getSubjectDN() {
    return original.getSubjectX500Principal();
  }

  @Override
  public Date getNotBefore() {
    return original.getNotBefore();
  }

  @Override
  public Date getNotAfter() {
    return original.getNotAfter();
  }

  @Override
  public byte[] getTBSCertificate() throws CertificateEncodingException {
    return original.getTBSCertificate();
  }

  @Override
  public byte[] getSignature() {
    return original.getSignature();
  }

  @Override
  public String getSigAlgName() {
    return original.getSigAlgName();
  }

  @Override
  public String getSigAlgOID() {
    return original.getSigAlgOID();
  }

  @Override
  public byte[] getSigAlgParams() {
    return original.getSigAlgParams();
  }

  @Override
  public boolean[] getIssuerUniqueID() {
    return null;
  }

  @Override
  public boolean[] getSubjectUniqueID() {
    return null;
  }

  @Override
  public boolean[] getKeyUsage() {
    return null;
  }

  @Override
  public int getBasicConstraints() {
    return -1;
  }

  @Override
  public void verify(PublicKey key) throws CertificateException {
    throw new CertificateException();
  }

  @Override
  public void verify(PublicKey key, String provider) throws CertificateException {
    throw new CertificateException();
  }

  @Override
  public String toString() {
    return "raw";
  }

  @Override
  public boolean hasUnsupportedCriticalExtension() {
    return false;
  }

  @Override
  public Set<String> getCriticalExtensionOIDs() {
    return null;
  }

  @Override
  public Set<String> getNonCriticalExtensionOIDs() {
    return null;
  }

  @Override
  public byte[] getExtensionValue(String oid) {
    return null;
  }
}
