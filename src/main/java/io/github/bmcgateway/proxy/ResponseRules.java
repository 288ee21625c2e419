package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.OwnCookies;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.ContentType;
import io.github.bmcgateway.target.VendorProfile.ResponseHeader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The one place that decides which of a BMC's headers reach the browser, and how. Values keep their
 * bytes, quotes included, where a rule doesn't change them. Immutable; safe for use by several
 * threads.
 */
public final class ResponseRules {
  private static final Pattern REPORT_DIRECTIVE =
      Pattern.compile("(?i)(?<=^|[;,\\s])report-(?:uri|to)\\s[^;,]*;?");

  private final OwnCookies own;

  /**
   * @param sessionCookie name of the gateway's session cookie, which no BMC may set
   */
  public ResponseRules(String sessionCookie) {
    own = new OwnCookies(sessionCookie);
  }

  /** Whether the body can be told: no coding but {@code chunked} is taken off on the way. */
  static boolean isFramed(HttpFields answer) {
    return answer.getCSV(HttpHeader.TRANSFER_ENCODING, false).stream()
        .allMatch("chunked"::equalsIgnoreCase);
  }

  /** The headers that the browser gets, in the BMC's order. */
  public List<HttpField> apply(HttpFields answer, BmcRequest request) {
    Set<String> connection =
        answer.getCSV("Connection", false).stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(HashSet::new));
    List<HttpField> kept = new ArrayList<>();
    for (HttpField field : answer) {
      String lower = field.getLowerCaseName();
      if (HeaderNames.goesDown(lower) && !connection.contains(lower)) {
        rewrite(field, lower, request).ifPresent(kept::add);
      }
    }
    addMissing(kept, request);
    kept.add(new HttpField(HttpHeader.CACHE_CONTROL, caching(answer)));
    return kept;
  }

  /** The cookies among them alone. */
  List<HttpField> cookies(HttpFields answer, BmcRequest request) {
    return answer.contains(HttpHeader.SET_COOKIE)
        ? apply(answer, request).stream().filter(field -> field.is("Set-Cookie")).toList()
        : List.of();
  }

  /**
   * A browser may keep an answer but must ask before it uses it again: the next BMC under this
   * public host has files of the same names. {@code Clear-Site-Data} alone doesn't do, for Chromium
   * leaves the memory cache of a tab that is open on the host as it is.
   */
  private static String caching(HttpFields answer) {
    boolean secret =
        answer.getCSV(HttpHeader.CACHE_CONTROL, false).stream()
            .anyMatch("no-store"::equalsIgnoreCase);
    return secret ? "no-store" : "private, no-cache";
  }

  private static void addMissing(List<HttpField> headers, BmcRequest request) {
    String path = RequestRules.pathOf(request.target());
    for (ResponseHeader rule : request.bmc().profile().responseHeaders()) {
      if (rule.path().matcher(path).matches()
          && headers.stream().noneMatch(field -> field.is(rule.name()))) {
        headers.add(new HttpField(rule.name(), rule.value()));
      }
    }
  }

  private static String contentType(String value, BmcRequest request) {
    List<ContentType> rules = request.bmc().profile().contentTypes();
    if (rules.isEmpty()) {
      return value;
    }
    String path = RequestRules.pathOf(request.target());
    String bare = value.replaceFirst(";.*", "").trim();
    return rules.stream()
        .filter(rule -> rule.path().matcher(path).matches() && rule.from().matcher(bare).matches())
        .map(ContentType::to)
        .findFirst()
        .orElse(value);
  }

  private Optional<HttpField> rewrite(HttpField field, String lower, BmcRequest request) {
    String value = field.getValue() == null ? "" : field.getValue();
    BmcAddress bmc = request.bmc().address();
    return switch (lower) {
      case "location", "content-location", "sourcemap", "x-sourcemap" ->
          Optional.of(new HttpField(field.getName(), HeaderUrls.pathOnly(value, bmc)));
      case "refresh" -> Optional.of(new HttpField(field.getName(), HeaderUrls.refresh(value, bmc)));
      case "content-security-policy", "content-security-policy-report-only" ->
          Optional.of(new HttpField(field.getName(), withoutReports(value)));
      case "content-type" ->
          Optional.of(new HttpField(field.getName(), contentType(value, request)));
      case "link" -> Optional.of(new HttpField(field.getName(), HeaderUrls.links(value, bmc)));
      case "set-cookie" -> setCookie(value).map(cookie -> new HttpField(field.getName(), cookie));
      default -> Optional.of(field);
    };
  }

  /** Without the directives that have the browser tell somebody else about the user's visit. */
  private static String withoutReports(String policy) {
    return REPORT_DIRECTIVE.matcher(policy).replaceAll("");
  }

  /** Without {@code Domain}, with {@code Secure}; the gateway's own names are refused. */
  private Optional<String> setCookie(String value) {
    String[] parts = value.split(";", -1);
    if (own.include(nameSentBack(parts[0]))) {
      return Optional.empty();
    }
    StringBuilder cookie = new StringBuilder(parts[0]);
    boolean secure = false;
    for (int i = 1; i < parts.length; i++) {
      String attribute = attributeName(parts[i]);
      if (!"domain".equals(attribute)) {
        cookie.append(';').append(parts[i]);
        secure |= "secure".equals(attribute);
      }
    }
    return Optional.of(secure ? cookie.toString() : cookie.append("; Secure").toString());
  }

  /** Of a cookie without a name, such as {@code =a=b}, browsers send back the value alone. */
  private static String nameSentBack(String pair) {
    int equals = pair.indexOf('=');
    String name = (equals < 0 ? pair : pair.substring(0, equals)).trim();
    if (equals < 0 || !name.isEmpty()) {
      return name;
    }
    String value = pair.substring(equals + 1);
    int inValue = value.indexOf('=');
    return (inValue < 0 ? value : value.substring(0, inValue)).trim();
  }

  private static String attributeName(String attribute) {
    int equals = attribute.indexOf('=');
    return (equals < 0 ? attribute : attribute.substring(0, equals))
        .trim()
        .toLowerCase(Locale.ROOT);
  }
}
