package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.target.VendorProfile.Login;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the built-in profiles look for in logins, in text that others choose. */
class LoginPatternsTest {
  /** As much of a body as is looked at. */
  private static final int LENGTH = 64 * 1024;

  private static final int MAX_STEPS = 100 * LENGTH;

  /** What ends a line, an item or a word somewhere, or goes on with it. */
  private static final List<String> AFTER =
      List.of("", " ", ";", "; ", "\"", "/", "0", "a", ".", "\n", "\r", "\r\n", "\u0085");

  static List<Pattern> everyPattern() {
    return VendorProfiles.builtIn().all().stream()
        .flatMap(profile -> profile.logins().stream())
        .flatMap(LoginPatternsTest::patterns)
        .toList();
  }

  private static Stream<Pattern> patterns(Login login) {
    return Stream.concat(
        login.session().values().stream(),
        Stream.of(login.failedBody(), login.sparedBody()).flatMap(Optional::stream));
  }

  @Test
  void everyVendorsAreTried() {
    List<String> all = everyPattern().stream().map(Pattern::pattern).toList();
    for (String part : List.of("QSESSIONID", "ST2", "authResult", "xsrf-token", "session_")) {
      assertTrue(all.stream().anyMatch(each -> each.contains(part)), () -> part + all);
    }
  }

  @ParameterizedTest
  @MethodSource("everyPattern")
  void noTextTakesOneLong(Pattern pattern) {
    search(pattern);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?i)cookie: (?:[^\\n]*; ?)?(-http-session-=[^;\\s]+)",
        "(?im)^cookie: (?:[^\\n]*; ?)?(-http-session-=[^;\\s]+)",
        "\"key\"\\s*:\\s*\\s*\"([0-9a-f]+)\""
      })
  void oneThatTakesLongIsNoticed(String pattern) {
    assertThrows(TooManySteps.class, () -> search(Pattern.compile(pattern)));
  }

  /** Beginnings that a pattern almost finds, again and again or with much behind them. */
  private static void search(Pattern pattern) {
    for (String beginning : beginnings(pattern)) {
      for (String after : AFTER) {
        search(pattern, "", beginning + after);
        search(pattern, "", after + beginning);
        search(pattern, beginning, after);
      }
    }
  }

  private static void search(Pattern pattern, String first, String then) {
    String text = first + then.repeat(LENGTH / Math.max(1, then.length()) + 1);
    pattern.matcher(new Steps(text.substring(0, Math.min(text.length(), LENGTH)))).find();
  }

  /** What stands in a pattern as it is found, up to each of its quantifiers and choices. */
  private static List<String> beginnings(Pattern pattern) {
    String plain =
        pattern
            .pattern()
            .replaceAll("\\(\\?[a-z]*[:!)]", "\0")
            .replaceAll("\\\\[a-zA-Z]|\\[[^]]*]|[\\^()*+?|{}]", "\0")
            .replace("\\", "");
    List<String> parts = Arrays.stream(plain.split("\0+")).filter(part -> !part.isEmpty()).toList();
    return IntStream.rangeClosed(1, parts.size())
        .mapToObj(count -> String.join("", parts.subList(0, count)))
        .toList();
  }

  private static Pattern idrac8Cookie() {
    return VendorProfiles.builtIn().find(Optional.of("idrac8")).orElseThrow().logins().stream()
        .flatMap(login -> login.session().entrySet().stream())
        .filter(each -> each.getKey().equals("cookie"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Set-Cookie: -http-session-=4::a; path=/; secure\nCookie: -http-session-=3::a\n\n",
        "Server: x\nset-cookie: -http-session-=4::a\n\n",
        "Server: x\nCookie: -http-session-=4::a\n\n",
        "Server: x\ncookie: a=b; c=d;-http-session-=4::a; e=f\n\n<status>ok</status>"
      })
  void anIdrac8sCookieIsTheAnswersElseTheRequests(String text) {
    Matcher cookie = idrac8Cookie().matcher(text);
    assertTrue(cookie.find());
    assertEquals("-http-session-=4::a", cookie.group(1));
  }

  /** Counts the characters that are looked at. */
  private static final class Steps implements CharSequence {
    private final String text;
    private int steps;

    Steps(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++steps > MAX_STEPS) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
