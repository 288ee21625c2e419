package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the reference of vendor profiles, and the examples of profiles, against the code. */
final class VendorReferenceTest {
  private static final Path REFERENCE = Path.of("src/docs/vendors.md");
  private static final Path EXAMPLES = Path.of("webapp-config/vendors");
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|.*");

  /** The part of the profile that each heading is about. */
  private static final Map<String, Class<? extends Record>> PARTS =
      Map.ofEntries(
          Map.entry("### The profile", VendorProfile.class),
          Map.entry("### `facts`", VendorProfile.Fact.class),
          Map.entry("### `detect`", VendorProfile.Probe.class),
          Map.entry("### `headerFromCookie`", VendorProfile.HeaderFromCookie.class),
          Map.entry("### `responseHeaders`", VendorProfile.ResponseHeader.class),
          Map.entry("### `contentTypes`", VendorProfile.ContentType.class),
          Map.entry("### `redirects`", VendorProfile.Redirect.class),
          Map.entry("### `sockets`", VendorProfile.SocketRoute.class),
          Map.entry("### `transforms`", VendorProfile.Transform.class),
          Map.entry("### `edits`", VendorProfile.Edit.class),
          Map.entry("### `assets`", VendorProfile.Assets.class),
          Map.entry("### `limits`", VendorProfile.Limits.class),
          Map.entry("### `logins`", VendorProfile.Login.class),
          Map.entry("### `logout`", VendorProfile.Logout.class),
          Map.entry("### `hints`", VendorProfile.Hint.class));

  @Test
  void everyKeyOfAProfileIsDescribedAndNothingElse() throws IOException {
    Map<String, List<String>> rows = rows();
    for (Map.Entry<String, Class<? extends Record>> part : PARTS.entrySet()) {
      List<String> described = keys(rows.getOrDefault(part.getKey(), List.of()));
      assertEquals(keysOf(part.getValue()), described, part.getKey());
    }
  }

  @Test
  void everyPartOfAProfileHasItsTable() {
    Set<Class<?>> records = new TreeSet<>(Comparator.comparing(Class::getName));
    records.add(VendorProfile.class);
    Stream.of(VendorProfile.class.getDeclaredClasses())
        .filter(Class::isRecord)
        .forEach(records::add);
    assertEquals(records.size(), PARTS.size());
    assertTrue(records.containsAll(PARTS.values()));
  }

  @Test
  void everyBuiltInProfileIsInTheTableAsItIs() throws IOException {
    List<String> expected =
        VendorProfiles.builtIn().all().stream()
            .map(p -> "| `%s` | %s | %s |".formatted(p.name(), p.title(), p.verified()))
            .sorted()
            .toList();
    List<String> actual =
        rows().getOrDefault("### Built-in profiles", List.of()).stream()
            .map(row -> row.replaceFirst("^((?:\\|[^|]*){3}\\|).*", "$1"))
            .sorted()
            .toList();
    assertEquals(expected, actual);
  }

  @Test
  void theExampleProfilesAreTaken() throws Exception {
    VendorProfiles profiles = VendorProfiles.builtIn().with(EXAMPLES);

    VendorProfile openbmc = profiles.find(Optional.of("openbmc")).orElseThrow();
    assertEquals("OpenBMC", openbmc.title());
    assertEquals("none", openbmc.verified());
    assertEquals(1024, openbmc.socketOf("/kvm/0", List.of("any")).messageMaxBytes());
    assertEquals(VendorProfile.SocketRoute.PLAIN, openbmc.socketOf("/console0", List.of("any")));
    assertTrue(profiles.cookies().contains("BMCWEB-SESSION"));
  }

  /** The keys that a file may use, in their order: a creator's, else the record's components. */
  private static List<String> keysOf(Class<? extends Record> part) {
    Optional<Method> creator =
        Arrays.stream(part.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(JsonCreator.class))
            .findFirst();
    if (creator.isPresent()) {
      return Arrays.stream(creator.get().getParameters()).map(VendorReferenceTest::key).toList();
    }
    return Arrays.stream(part.getRecordComponents())
        .map(RecordComponent::getName)
        // A profile's own name is its file's, its version that of its content.
        .filter(name -> part != VendorProfile.class || !Set.of("name", "version").contains(name))
        .toList();
  }

  private static String key(Parameter parameter) {
    return parameter.getAnnotation(JsonProperty.class).value();
  }

  private static List<String> keys(List<String> rows) {
    return rows.stream().map(ROW::matcher).filter(Matcher::matches).map(m -> m.group(1)).toList();
  }

  /** The tables' rows, by the heading that they are below. */
  private static Map<String, List<String>> rows() throws IOException {
    Map<String, List<String>> rows = new HashMap<>();
    String heading = "";
    for (String line : Files.readAllLines(REFERENCE)) {
      if (line.startsWith("#")) {
        heading = line;
      } else if (ROW.matcher(line).matches()) {
        rows.computeIfAbsent(heading, any -> new ArrayList<>()).add(line);
      }
    }
    return rows;
  }
}
