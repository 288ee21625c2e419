package io.github.bmcgateway.cli;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.StandardCharset;
import io.github.bmcgateway.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a token is signed with: a secret, or the private key of a JWK (RFC 7517). */
final class SigningKey {
  private static final String ED25519 = "Ed25519";

  /** Signs the bytes of a JWS; the result is the signature as RFC 7518 writes it. */
  private interface Signer {
    byte[] sign(JWSHeader header, byte[] input) throws JOSEException, GeneralSecurityException;
  }

  private final JWSAlgorithm algorithm;
  private final Optional<String> id;
  private final Signer signer;

  private SigningKey(JWSAlgorithm algorithm, Optional<String> id, Signer signer) {
    this.algorithm = algorithm;
    this.id = id;
    this.signer = signer;
  }

  /** HS256 with a secret of at least 32 bytes. */
  static SigningKey of(Secret secret) {
    try {
      return nimbus(JWSAlgorithm.HS256, Optional.empty(), new MACSigner(secret.reveal()));
    } catch (JOSEException e) {
      throw new IllegalStateException("The settings let a key pass that can't sign", e);
    }
  }

  /**
   * The key of a file with one private JWK.
   *
   * @param demanded the algorithm; by default the one that the JWK names, else RS256 for an RSA key
   *     and the one that the curve has
   * @throws CommandFailedException the file can't be read, holds no private key, or the algorithm
   *     isn't for it; the message never shows the key
   */
  static SigningKey ofFile(Path file, Optional<String> demanded) throws CommandFailedException {
    try {
      JWK jwk = JWK.parse(Files.readString(file));
      if (!jwk.isPrivate()) {
        throw failed(file, "holds no private key");
      }
      return of(file, jwk, demanded);
    } catch (IOException e) {
      throw failed(file, "can't be read");
    } catch (ParseException e) {
      // Its message may quote the key.
      throw failed(file, "is no JWK");
    } catch (JOSEException | GeneralSecurityException e) {
      throw failed(file, "holds a key that can't sign");
    }
  }

  private static SigningKey of(Path file, JWK jwk, Optional<String> demanded)
      throws CommandFailedException, JOSEException, GeneralSecurityException {
    Optional<String> id = Optional.ofNullable(jwk.getKeyID());
    Optional<JWSAlgorithm> named =
        demanded
            .or(() -> Optional.ofNullable(jwk.getAlgorithm()).map(Object::toString))
            .map(JWSAlgorithm::parse);
    if (jwk instanceof RSAKey rsa) {
      return checked(file, named.orElse(JWSAlgorithm.RS256), id, new RSASSASigner(rsa));
    }
    if (jwk instanceof ECKey ec) {
      ECDSASigner signer = new ECDSASigner(ec);
      return checked(file, named.orElse(only(signer.supportedJWSAlgorithms())), id, signer);
    }
    if (jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
      JWSAlgorithm algorithm = named.orElse(JWSAlgorithm.EdDSA);
      if (!Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519).contains(algorithm)) {
        throw failed(file, "holds a key that isn't for " + algorithm);
      }
      return new SigningKey(algorithm, id, ed25519(pair));
    }
    throw failed(file, "holds a key of another kind than RSA, EC and Ed25519");
  }

  private static JWSAlgorithm only(Set<JWSAlgorithm> algorithms) {
    return algorithms.iterator().next();
  }

  private static SigningKey checked(
      Path file, JWSAlgorithm algorithm, Optional<String> id, JWSSigner signer)
      throws CommandFailedException {
    if (!signer.supportedJWSAlgorithms().contains(algorithm)) {
      throw failed(file, "holds a key that isn't for " + algorithm);
    }
    return nimbus(algorithm, id, signer);
  }

  private static SigningKey nimbus(JWSAlgorithm algorithm, Optional<String> id, JWSSigner signer) {
    return new SigningKey(algorithm, id, (header, input) -> signer.sign(header, input).decode());
  }

  /** By the JDK, as Nimbus' own signer needs a further library. */
  private static Signer ed25519(OctetKeyPair pair) throws GeneralSecurityException {
    PrivateKey key =
        KeyFactory.getInstance(ED25519)
            .generatePrivate(
                new EdECPrivateKeySpec(NamedParameterSpec.ED25519, pair.getDecodedD()));
    return (header, input) -> {
      Signature signature = Signature.getInstance(ED25519);
      signature.initSign(key);
      signature.update(input);
      return signature.sign();
    };
  }

  private static CommandFailedException failed(Path file, String reason) {
    return new CommandFailedException("--jwk: " + file + " " + reason + ".");
  }

  /** Whether the gateway finds this key among its secrets, and not in a JWK set. */
  boolean isSecret() {
    return algorithm.equals(JWSAlgorithm.HS256);
  }

  /** The claims as a signed token in compact form. */
  String sign(Map<String, Object> claims) {
    JWSHeader.Builder header = new JWSHeader.Builder(algorithm).keyID(id.orElse(null));
    JWSHeader built = header.type(JOSEObjectType.JWT).build();
    String input =
        built.toBase64URL() + "." + Base64URL.encode(JSONObjectUtils.toJSONString(claims));
    try {
      byte[] signature = signer.sign(built, input.getBytes(StandardCharset.UTF_8));
      return input + "." + Base64URL.encode(signature);
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalStateException("A key that was checked can't sign", e);
    }
  }
}
