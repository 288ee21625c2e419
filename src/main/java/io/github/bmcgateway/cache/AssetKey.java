package io.github.bmcgateway.cache;

import io.github.bmcgateway.config.Endpoint;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What an asset is kept under: everything that its bytes depend on. Two requests get the same kept
 * answer only when all of it is the same.
 *
 * @param bmc where the BMC is, and the name that it is asked under
 * @param profile version of the profile by which it is asked and its answers are rewritten
 * @param origin the public origin that its answers are rewritten to
 * @param target path and query, byte for byte
 * @param gzip whether the browser takes gzip
 */
public record AssetKey(
    BmcAddress bmc, String profile, PublicOrigin origin, String target, boolean gzip) {
  private static final int DIGEST_BYTES = 8;

  /** The key of a request. */
  public static AssetKey of(BmcRequest request, boolean gzip) {
    return new AssetKey(
        request.bmc().address(),
        request.bmc().profile().version(),
        request.origin(),
        request.target(),
        gzip);
  }

  /** The port that is dialled, whatever name it is asked under. */
  public Endpoint endpoint() {
    return new Endpoint(bmc.ip(), bmc.port());
  }

  /** Tells this key from others, in 16 characters; the same on every node and after a restart. */
  String salt() {
    String text =
        String.join("\n", bmc.origin(), endpoint().toString(), profile, origin.toString(), target)
            + (gzip ? "\ngzip" : "\n");
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** 16 characters that tell these bytes from others. */
  static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the key itself takes of the heap, about. */
  int weight() {
    return 2
        * (target.length() + origin.host().length() + bmc.host().map(String::length).orElse(0));
  }
}
