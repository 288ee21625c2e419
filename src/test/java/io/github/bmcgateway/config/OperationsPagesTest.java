package io.github.bmcgateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operators' pages name is there. */
class OperationsPagesTest {
  private static final Path DOCS = Path.of("src/docs");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
  private static final Pattern KEY =
      Pattern.compile(
          "`((?:token|session|bmc|gateway|limits|proxy|shutdown|admin|revocation|shared|ops)\\.(?!yaml)[a-zA-Z]+)`");
  private static final Pattern PROPERTY = Pattern.compile("bmcgateway\\.[a-zA-Z]+");
  private static final Pattern COMMAND = Pattern.compile("(?:bmc-gateway|ROOT)\\.war ([a-z-]+)");

  private static List<String> named(String text, Pattern pattern) {
    return pattern.matcher(text).results().map(each -> each.group(1)).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run-debian.md",
        "run-jetty-base.md",
        "run-jetty.md",
        "run-tomcat.md",
        "many-nodes.md",
        "operations.md"
      })
  void linksLeadSomewhere(String page) throws IOException {
    List<MatchResult> links = LINK.matcher(Files.readString(DOCS.resolve(page))).results().toList();
    assertTrue(links.size() > 1);
    for (MatchResult link : links) {
      Path target = link.group(1).isEmpty() ? DOCS.resolve(page) : DOCS.resolve(link.group(1));
      assertTrue(Files.exists(target), link.group());
      if (link.group(2) != null) {
        assertTrue(
            Files.readAllLines(target).stream()
                .filter(line -> line.startsWith("#"))
                .anyMatch(line -> anchor(line).equals(link.group(2))),
            link.group());
      }
    }
  }

  private static String anchor(String heading) {
    return heading
        .replaceFirst("#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 -]", "")
        .replace(' ', '-');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run-debian.md",
        "run-jetty-base.md",
        "run-jetty.md",
        "run-tomcat.md",
        "operations.md"
      })
  void settingsAndCommandsExist(String page) throws IOException {
    String text = Files.readString(DOCS.resolve(page));
    for (String key : named(text, KEY)) {
      assertTrue(Setting.ofKey(key).isPresent(), key);
    }
    List<String> commands = List.of("token", "check-config", "probe", "accept");
    assertTrue(commands.containsAll(named(text, COMMAND)), () -> "" + named(text, COMMAND));
  }

  @Test
  void whatTheJettyBaseIsSaidToHoldIsThere() throws IOException {
    String text = Files.readString(DOCS.resolve("run-jetty-base.md"));
    String ini = Files.readString(Path.of("jetty-base/start.d/bmc-gateway.ini"));
    for (MatchResult property : PROPERTY.matcher(text).results().toList()) {
      assertTrue(ini.contains(property.group() + "="), property.group());
    }
    List<String> files = named(text, Pattern.compile("/opt/bmc-gateway/(systemd/\\S+)"));
    assertEquals(3, files.size());
    for (String file : files) {
      assertTrue(Files.exists(Path.of("jetty-base").resolve(file)), file);
    }
  }
}
