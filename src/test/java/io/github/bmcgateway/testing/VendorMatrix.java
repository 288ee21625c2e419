package io.github.bmcgateway.testing;

import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Keeps for the time of one test run which part of which vendor a passed test has proved ({@link
 * Proves}); gives the result to a test that asks for it with a parameter of type {@link Proved}.
 */
public final class VendorMatrix implements TestWatcher, ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(VendorMatrix.class);

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

  /** The parts proved so far, by vendor. Thread-safe. */
  public static final class Proved {

    private final Map<String, Set<Part>> cells = new TreeMap<>();

    private Proved() {}

    private synchronized void add(String vendor, Part[] parts) {
      cells.computeIfAbsent(vendor, any -> EnumSet.noneOf(Part.class)).addAll(List.of(parts));
    }

    /** The parts of one vendor. */
    public synchronized Set<Part> of(String vendor) {
      return Set.copyOf(cells.getOrDefault(vendor, Set.of()));
    }

    /** The vendors of whom anything was proved, in alphabetical order. */
    public synchronized List<String> vendors() {
      return List.copyOf(cells.keySet());
    }

    /** A table with a line for each vendor, as it stands in Markdown too. */
    public String table() {
      Stream<String> head =
          Stream.of(
              line("vendor", Part::title) + " verified on hardware |",
              line("---", part -> "---") + " --- |");
      Stream<String> body =
          vendors().stream()
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
    Proved proved = proved(context);
    Optional<AnnotatedElement> test = context.getElement();
    AnnotationSupport.findRepeatableAnnotations(test, Proves.class)
        .forEach(
            proof -> {
              for (String vendor : proof.vendors()) {
                proved.add(vendor, proof.parts());
              }
            });
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Proved.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return proved(context);
  }

  private static Proved proved(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Proved.class, type -> new Proved(), Proved.class);
  }
}
