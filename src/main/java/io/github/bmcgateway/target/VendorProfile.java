package io.github.bmcgateway.target;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How one vendor's BMC differs from any other web server: data, read from {@code vendors/*.yaml}.
 *
 * @param name the name that a token's {@code vendor} claim uses
 * @param title the name that a person reads
 * @param consolePorts ports besides the BMC's own that its consoles need
 * @param cookies names of the cookies that are expired when a browser switches to another BMC
 * @param alwaysGzip whether the BMC must be asked for gzip even if the browser can't take it
 * @param acceptLanguage the {@code Accept-Language} that is sent when the browser sends none
 * @param mapsPmToken whether {@code X-PM-Token} reaches the BMC as {@code X-Auth-Token}
 * @param addressParameters query parameters with which console URLs name the BMC's own address
 * @param transforms which answers are rewritten, first match wins
 */
public record VendorProfile(
    String name,
    String title,
    Set<Integer> consolePorts,
    List<String> cookies,
    boolean alwaysGzip,
    Optional<String> acceptLanguage,
    boolean mapsPmToken,
    Map<String, AddressPart> addressParameters,
    List<Transform> transforms) {

  /** The transform of a path, if its answers are rewritten. */
  public Optional<Transform> transformOf(String path) {
    return transforms.stream().filter(t -> t.path().matcher(path).matches()).findFirst();
  }

  /** Which part of the public address a parameter takes. */
  public enum AddressPart {
    HOST,
    PORT
  }

  /**
   * An answer that is rewritten: first by the transformer, then by the edits and to the public
   * origin.
   *
   * @param path matches the whole raw path, without the query
   * @param types media types of the answers that are meant, in lower case; none stand for any
   * @param transformer name of a transformer
   * @param ownAuthority whether URLs of the BMC's own authority move to the public origin
   * @param edits literals that are replaced in answers with status 200
   */
  public record Transform(
      Pattern path,
      Set<String> types,
      Optional<String> transformer,
      boolean ownAuthority,
      List<Edit> edits) {}

  /**
   * A literal that is replaced wherever it stands.
   *
   * @param find the literal, at least 2 bytes
   * @param replaceWith what takes its place
   */
  public record Edit(String find, String replaceWith) {}
}
