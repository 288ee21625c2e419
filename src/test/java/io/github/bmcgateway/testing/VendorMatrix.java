package io.github.bmcgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Keeps for one build which part of which vendor a passed test has proved ({@link Proves}). The
 * tests run in several JVMs: each appends to one file in the folder that the system property {@code
 * vendorMatrix} names, a new one for each build.
 */
public final class VendorMatrix implements TestWatcher {

  /** What a user wants of a BMC. */
  public enum Part {
    UI,
    CONSOLE,
    MEDIA,
    UPLOAD,
    REDFISH,
    LOGOUT,
    SWITCH;

    /** Heading of its column. */
    public String title() {
      return this == UI ? "UI" : this == REDFISH ? "Redfish" : name().toLowerCase(Locale.ROOT);
    }
  }

  /** The parts proved, by vendor. */
  public static final class Proved {

    private final Map<String, Set<Part>> cells = new TreeMap<>();

    private Proved() {}

    /** What the tests of this build have proved so far; nothing without the system property. */
    public static Proved soFar() throws IOException {
      Proved proved = new Proved();
      if (Files.exists(file())) {
        Files.readAllLines(file()).forEach(proved::add);
      }
      return proved;
    }

    private void add(String line) {
      String[] words = line.split(" ");
      cells
          .computeIfAbsent(words[0], any -> EnumSet.noneOf(Part.class))
          .add(Part.valueOf(words[1]));
    }

    /** The parts of one vendor. */
    public Set<Part> of(String vendor) {
      return Set.copyOf(cells.getOrDefault(vendor, Set.of()));
    }

    /** A table with a line for each vendor, in alphabetical order, as it stands in Markdown too. */
    public String table() {
      Stream<String> head =
          Stream.of(
              line("vendor", Part::title) + " verified on hardware |",
              line("---", part -> "---") + " --- |");
      Stream<String> body =
          cells.keySet().stream()
              .map(vendor -> line(vendor, part -> of(vendor).contains(part) ? "yes" : "") + " |");
      return Stream.concat(head, body).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(String first, Function<Part, String> cell) {
      return Arrays.stream(Part.values())
          .map(cell)
          .collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
    }
  }

  /** For JUnit. */
  public VendorMatrix() {}

  @Override
  public void testSuccessful(ExtensionContext context) {
    List<Proves> proofs =
        AnnotationSupport.findRepeatableAnnotations(context.getElement(), Proves.class);
    String lines = proofs.stream().flatMap(VendorMatrix::lines).collect(Collectors.joining());
    if (!lines.isEmpty() && System.getProperty("vendorMatrix") != null) {
      write(lines);
    }
  }

  private static Stream<String> lines(Proves proof) {
    return Arrays.stream(proof.vendors())
        .flatMap(vendor -> Arrays.stream(proof.parts()).map(part -> vendor + " " + part + "\n"));
  }

  private static void write(String lines) {
    try {
      Files.createDirectories(Objects.requireNonNull(file().getParent()));
      Files.writeString(file(), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file() {
    return Path.of(System.getProperty("vendorMatrix", "target/vendor-matrix/none"), "proved.txt");
  }
}
