package io.github.bmcgateway.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Every measure of {@code THREAT_MODEL.md} has a test, and every test that it names is one. */
class ThreatModelTest {
  private static final Path PAGE = Path.of("THREAT_MODEL.md");
  private static final String ROOT = "io.github.bmcgateway.";
  private static final Pattern NAMED = Pattern.compile("`([a-z0-9.]+\\.[A-Z]\\w+)#(\\w+)`");
  private static final Pattern REFERENCE = Pattern.compile("\\w+(?:Test|IT)#\\w+");

  @Test
  void everyThreatHasATest() throws IOException {
    List<String> threats = threats();

    assertTrue(threats.size() > 30, threats.size() + " threats");
    assertEquals(
        List.of(), threats.stream().filter(row -> named(row).findAny().isEmpty()).toList());
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    String page = Files.readString(PAGE);

    assertEquals(REFERENCE.matcher(page).results().count(), named(page).count(), "spelling");
    assertEquals(
        List.of(),
        named(page)
            .filter(test -> !exists(test.group(1), test.group(2)))
            .map(MatchResult::group)
            .toList());
  }

  /** The rows of tables with the columns threat, measure, test. */
  private static List<String> threats() throws IOException {
    String page = Files.readString(PAGE);
    String tables =
        page.substring(page.indexOf("## Threats"), page.indexOf("## What isn't covered"));
    return tables
        .lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| threat |"))
        .toList();
  }

  private static Stream<MatchResult> named(String text) {
    return NAMED.matcher(text).results();
  }

  private static boolean exists(String type, String method) {
    try {
      return !ReflectionSupport.findMethods(
              Class.forName(ROOT + type),
              each -> each.getName().equals(method) && isTest(each),
              HierarchyTraversalMode.TOP_DOWN)
          .isEmpty();
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean isTest(Method method) {
    return AnnotationSupport.isAnnotated(method, Testable.class);
  }
}
