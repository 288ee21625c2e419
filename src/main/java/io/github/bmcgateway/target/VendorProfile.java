package io.github.bmcgateway.target;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one vendor's BMC differs from any other web server: data, read from {@code vendors/*.yaml},
 * where {@code src/docs/vendors.md} says what each part does. Patterns match whole texts; paths are
 * raw, without the query. Of several entries of a list the first that fits counts. Immutable.
 *
 * @param name the name that a token's {@code vendor} claim uses
 * @param version tells this content of the profile from any other
 * @param title the name that a person reads
 * @param verified the firmware on which the profile was tried on hardware; {@code none} for none
 * @param facts where the rules come from, by the name of the part
 * @param detect how such a BMC is told from others
 * @param consolePort the port of its console; empty for the port of its pages
 * @param cookies names of the cookies that are expired when a browser switches to another BMC
 * @param cookiesUp the only cookies that reach the BMC; empty for all but the gateway's own
 * @param alwaysGzip whether the BMC must be asked for gzip even if the browser can't take it
 * @param acceptLanguage the {@code Accept-Language} that is sent when the browser sends none
 * @param mapsPmToken whether {@code X-PM-Token} reaches the BMC as {@code X-Auth-Token}
 * @param headerFromCookie a header that is made of a cookie where it is missing
 * @param headBudgetBytes most bytes of a request head that the BMC takes; 0 for no bound
 * @param responseHeaders headers that its answers lack
 * @param contentTypes types that its answers get wrong
 * @param addressParameters query parameters with which console URLs name the BMC's own address
 * @param redirects targets that are answered with a redirect instead of being asked of the BMC
 * @param sockets where WebSockets go
 * @param transforms which answers are rewritten
 * @param assets which answers the gateway may keep
 * @param limits what the BMC bears
 * @param logins how a login to the BMC is seen and ended
 * @param onClientGone what becomes of a request whose browser has left
 * @param answerSeconds longest silence within an exchange; 0 for the gateway's own setting
 * @param scopes what a token's named scopes permit
 * @param hints pages that can't work behind a gateway and what to do instead
 */
public record VendorProfile(
    String name,
    String version,
    String title,
    String verified,
    Map<String, Fact> facts,
    List<Probe> detect,
    Optional<Integer> consolePort,
    List<String> cookies,
    Optional<Set<String>> cookiesUp,
    boolean alwaysGzip,
    Optional<String> acceptLanguage,
    boolean mapsPmToken,
    Optional<HeaderFromCookie> headerFromCookie,
    int headBudgetBytes,
    List<ResponseHeader> responseHeaders,
    List<ContentType> contentTypes,
    Map<String, AddressPart> addressParameters,
    List<Redirect> redirects,
    List<SocketRoute> sockets,
    List<Transform> transforms,
    List<Assets> assets,
    Limits limits,
    List<Login> logins,
    ClientGone onClientGone,
    int answerSeconds,
    Map<String, List<ScopeRule>> scopes,
    List<Hint> hints) {

  /** Fills in what the file leaves out, and copies. */
  public VendorProfile {
    verified = verified == null ? "none" : verified;
    facts = facts == null ? Map.of() : Map.copyOf(facts);
    detect = list(detect);
    consolePort = optional(consolePort);
    cookies = list(cookies);
    cookiesUp = optional(cookiesUp).map(Set::copyOf);
    acceptLanguage = optional(acceptLanguage);
    headerFromCookie = optional(headerFromCookie);
    responseHeaders = list(responseHeaders);
    contentTypes = list(contentTypes);
    addressParameters = addressParameters == null ? Map.of() : Map.copyOf(addressParameters);
    redirects = list(redirects);
    sockets = list(sockets);
    transforms = list(transforms);
    assets = list(assets);
    limits = limits == null ? Limits.UNKNOWN : limits;
    logins = list(logins);
    onClientGone = onClientGone == null ? ClientGone.RELEASE : onClientGone;
    // With its nulls, for the check to tell.
    scopes = scopes == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(scopes));
    hints = list(hints);
  }

  /** The transform of a path, if its answers are rewritten. */
  public Optional<Transform> transformOf(String path) {
    return transforms.stream().filter(t -> t.path().matcher(path).matches()).findFirst();
  }

  /** The rule of a path's answers, if the gateway may keep them. */
  public Optional<Assets> assetsOf(String path) {
    return assets.stream().filter(a -> a.path().matcher(path).matches()).findFirst();
  }

  /** The redirect of a target, if it is answered with one. */
  public Optional<Redirect> redirectOf(String target) {
    return redirects.stream().filter(r -> r.target().matcher(target).matches()).findFirst();
  }

  /** The hint for a target, if it can't work behind a gateway. */
  public Optional<Hint> hintOf(String target) {
    return hints.stream().filter(h -> h.target().matcher(target).matches()).findFirst();
  }

  /** The route of a socket; where no entry fits, it goes where pages go. */
  public SocketRoute socketOf(String path, List<String> subprotocols) {
    return sockets.stream()
        .filter(route -> route.path().matcher(path).matches())
        .filter(route -> route.subprotocol().map(subprotocols::contains).orElse(true))
        .findFirst()
        .orElse(SocketRoute.PLAIN);
  }

  private static <T> List<T> list(List<T> given) {
    return given == null ? List.of() : List.copyOf(given);
  }

  private static <T> Optional<T> optional(Optional<T> given) {
    return given == null ? Optional.empty() : given;
  }

  /**
   * Where a rule comes from.
   *
   * @param source what it was read from
   * @param confidence how far it is to be believed
   */
  public record Fact(String source, Confidence confidence) {}

  /** How far a fact is to be believed. */
  public enum Confidence {
    HIGH,
    MEDIUM,
    LOW
  }

  /**
   * A request without credentials whose answer tells the vendor. Every given part must fit.
   *
   * @param path what is asked for, with {@code GET}
   * @param status the answer's status; empty for any
   * @param headers patterns of headers that the answer must have
   * @param body a pattern that occurs in the first 64 KiB of the answer's decoded body
   * @param anywhere whether such a BMC gives this answer for unknown paths as well. Of another, an
   *     answer that it gives to any path tells nothing
   */
  public record Probe(
      String path,
      Optional<Integer> status,
      Map<String, Pattern> headers,
      Optional<Pattern> body,
      boolean anywhere) {
    /** Fills in what the file leaves out, and copies. */
    public Probe {
      status = optional(status);
      headers = headers == null ? Map.of() : Map.copyOf(headers);
      body = optional(body);
    }
  }

  /**
   * A header that is made of a cookie where the browser doesn't send it.
   *
   * @param header its name
   * @param cookie the cookie's name
   * @param value what the cookie's value must begin with; that much of it is sent
   * @param paths where it is added
   * @param unless headers whose presence forbids it
   */
  public record HeaderFromCookie(
      String header, String cookie, Pattern value, Pattern paths, List<String> unless) {
    /** Fills in what the file leaves out, and copies. */
    public HeaderFromCookie {
      unless = list(unless);
    }
  }

  /**
   * A header that is added to answers that lack it.
   *
   * @param path of which requests
   */
  public record ResponseHeader(Pattern path, String name, String value) {}

  /**
   * A content type that is put right.
   *
   * @param path of which requests
   * @param from the types that are wrong there, without parameters
   * @param to the right one
   */
  public record ContentType(Pattern path, Pattern from, String to) {}

  /** Which part of the public address a parameter takes. */
  public enum AddressPart {
    HOST,
    PORT
  }

  /**
   * A target that the gateway answers with a redirect.
   *
   * @param target matches path and query
   * @param to the new target: groups as {@code $1}, and {@code {port}} for the public port. Where
   *     it comes out the same, the request goes on to the BMC
   */
  public record Redirect(Pattern target, String to) {}

  /**
   * Where a WebSocket goes, and what its BMC bears.
   *
   * @param path of which upgrades
   * @param subprotocol one that the browser must have offered; empty for any
   * @param console whether it goes to the console port
   * @param to the target at the BMC; empty for the browser's own
   * @param fallbackSubprotocol the answer where the BMC names none and the browser offered it
   * @param cookies whether the browser's cookies go along; unless the file says no
   * @param messageMaxBytes longest message that is sent to the BMC; 0 for no bound
   * @param invalidFirstFrameIsBusy whether a BMC without a free console says so in plain HTTP after
   *     its 101
   */
  public record SocketRoute(
      Pattern path,
      Optional<String> subprotocol,
      boolean console,
      Optional<String> to,
      Optional<String> fallbackSubprotocol,
      boolean cookies,
      long messageMaxBytes,
      boolean invalidFirstFrameIsBusy) {
    /** To where pages go, with everything. */
    public static final SocketRoute PLAIN =
        new SocketRoute(
            Pattern.compile(".*"),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            true,
            0,
            false);

    /** A route as a file writes it. */
    @JsonCreator
    static SocketRoute of(
        @JsonProperty("path") Pattern path,
        @JsonProperty("subprotocol") Optional<String> subprotocol,
        @JsonProperty("console") boolean console,
        @JsonProperty("to") Optional<String> to,
        @JsonProperty("fallbackSubprotocol") Optional<String> fallbackSubprotocol,
        @JsonProperty("cookies") @Nullable Boolean cookies,
        @JsonProperty("messageMaxBytes") long messageMaxBytes,
        @JsonProperty("invalidFirstFrameIsBusy") boolean invalidFirstFrameIsBusy) {
      return new SocketRoute(
          path,
          subprotocol,
          console,
          to,
          fallbackSubprotocol,
          cookies == null || cookies,
          messageMaxBytes,
          invalidFirstFrameIsBusy);
    }

    /** Fills in what the file leaves out. */
    public SocketRoute {
      subprotocol = optional(subprotocol);
      to = optional(to);
      fallbackSubprotocol = optional(fallbackSubprotocol);
    }
  }

  /**
   * An answer that is rewritten: first by the transformer, then by the edits and to the public
   * origin.
   *
   * @param path of which requests
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
      List<Edit> edits) {
    /** Fills in what the file leaves out, and copies. */
    public Transform {
      types = types == null ? Set.of() : Set.copyOf(types);
      transformer = optional(transformer);
      edits = list(edits);
    }
  }

  /**
   * A literal that is replaced wherever it stands.
   *
   * @param find the literal, at least 2 bytes
   * @param replaceWith what takes its place
   */
  public record Edit(String find, String replaceWith) {
    /** An edit as a file writes it: with what takes the literal's place, or what follows it. */
    @JsonCreator
    static Edit of(
        @JsonProperty("find") String find,
        @JsonProperty("replaceWith") @Nullable String replaceWith,
        @JsonProperty("insertAfter") @Nullable String insertAfter) {
      if ((replaceWith == null) == (insertAfter == null)) {
        throw new IllegalArgumentException(
            "edit of \"" + find + "\": needs either replaceWith or insertAfter");
      }
      return new Edit(find, replaceWith == null ? find + insertAfter : replaceWith);
    }
  }

  /**
   * Files of a BMC's pages that are the same for everybody and that the gateway may keep: scripts,
   * styles, images and fonts, never pages or data.
   *
   * @param path of which requests
   * @param seconds how long one is used before the BMC is asked whether it is still the same, 0 to
   *     3,600; what the BMC says may make it shorter
   * @param despiteNoStore whether that holds although the BMC forbids to keep them, as it does for
   *     whatever it sends
   */
  public record Assets(Pattern path, int seconds, boolean despiteNoStore) {}

  /**
   * What a BMC bears.
   *
   * @param requests exchanges at a time; 0 for the gateway's own setting
   * @param connections connections in all, sockets included; 0 for no bound
   * @param idleSeconds for how long a connection that is kept open may be unused; 0 for the
   *     client's own bound
   * @param requestsPerConnection after how many requests a connection is closed; 0 for no bound
   */
  public record Limits(int requests, int connections, int idleSeconds, int requestsPerConnection) {
    /** Nothing is known of it. */
    public static final Limits UNKNOWN = new Limits(0, 0, 0, 0);

    /** The same for a BMC that bears so many exchanges at a time. */
    Limits withRequests(int given) {
      return new Limits(given, connections, idleSeconds, requestsPerConnection);
    }
  }

  /**
   * A login to the BMC through its own pages.
   *
   * @param method of the request
   * @param path of the request
   * @param failedStatus statuses that mean a refusal
   * @param failedBody a pattern that occurs in the body of a refusal; empty where the status tells
   * @param sparedBody a pattern that occurs in the body of an answer that is no refusal of a
   *     password although it looks like one
   * @param session where the answer carries the session, by the name of a header or cookie; behind
   *     the answer's head stand the request's cookies
   * @param logout the request that ends such a session
   */
  public record Login(
      String method,
      Pattern path,
      Set<Integer> failedStatus,
      Optional<Pattern> failedBody,
      Optional<Pattern> sparedBody,
      Map<String, Pattern> session,
      Optional<Logout> logout) {
    /** Fills in what the file leaves out, and copies. */
    public Login {
      failedStatus = failedStatus == null ? Set.of() : Set.copyOf(failedStatus);
      failedBody = optional(failedBody);
      sparedBody = optional(sparedBody);
      session = session == null ? Map.of() : Map.copyOf(session);
      logout = optional(logout);
    }
  }

  /**
   * The request that ends a BMC's session. In path, header values and body, {@code {name}} stands
   * for what the login's {@code session} pattern of that name captured.
   */
  public record Logout(
      String method, String path, Map<String, String> headers, Optional<String> body) {
    /** Fills in what the file leaves out, and copies. */
    public Logout {
      headers = headers == null ? Map.of() : Map.copyOf(headers);
      body = optional(body);
    }
  }

  /** What becomes of a request whose browser has left. */
  public enum ClientGone {
    /** The connection is given up at once. */
    RELEASE,
    /** The answer is read to its end, for at most ten seconds: the BMC bears no broken exchange. */
    DRAIN
  }

  /**
   * A page that can't work behind a gateway.
   *
   * @param target matches path and query
   * @param title what doesn't work
   * @param text what to do instead
   */
  public record Hint(Pattern target, String title, String text) {}
}
