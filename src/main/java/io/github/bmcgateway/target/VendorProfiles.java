package io.github.bmcgateway.target;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The vendor profiles of this gateway, by name. Immutable. */
public final class VendorProfiles {
  /** The vendor of a BMC of which nothing better is known. */
  public static final String GENERIC = "generic";

  private static final List<String> BUILT_IN = List.of(GENERIC, "idrac9");
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final Map<String, VendorProfile> profiles;

  private VendorProfiles(Map<String, VendorProfile> profiles) {
    this.profiles = Map.copyOf(profiles);
  }

  /** The profiles that the gateway brings along. */
  public static VendorProfiles builtIn() {
    Map<String, VendorProfile> profiles = new TreeMap<>();
    for (String name : BUILT_IN) {
      try (InputStream yaml =
          Objects.requireNonNull(
              VendorProfiles.class.getResourceAsStream("/vendors/" + name + ".yaml"), name)) {
        profiles.put(name, YAML.readValue(yaml, Document.class).toProfile(name));
      } catch (IOException e) {
        throw new UncheckedIOException("vendors/" + name + ".yaml", e);
      }
    }
    return new VendorProfiles(profiles);
  }

  /** The profile of a vendor; no vendor is {@link #GENERIC}, an unknown one is empty. */
  public Optional<VendorProfile> find(Optional<String> vendor) {
    return Optional.ofNullable(profiles.get(vendor.orElse(GENERIC)));
  }

  /** Every cookie name that some vendor's pages set. */
  public Collection<String> cookies() {
    Set<String> names = new TreeSet<>();
    profiles.values().forEach(profile -> names.addAll(profile.cookies()));
    return names;
  }

  /** Every port that some vendor's console needs besides the BMC's own. */
  public Set<Integer> consolePorts() {
    Set<Integer> ports = new TreeSet<>();
    profiles.values().forEach(profile -> ports.addAll(profile.consolePorts()));
    return ports;
  }

  private record Document(
      String verified,
      String title,
      @Nullable Set<Integer> consolePorts,
      @Nullable List<String> cookies,
      boolean alwaysGzip,
      @Nullable String acceptLanguage,
      boolean mapsPmToken,
      @Nullable Map<String, VendorProfile.AddressPart> addressParameters,
      @Nullable List<TransformEntry> transforms) {

    VendorProfile toProfile(String name) {
      return new VendorProfile(
          name,
          title,
          consolePorts == null ? Set.of() : Set.copyOf(consolePorts),
          cookies == null ? List.of() : List.copyOf(cookies),
          alwaysGzip,
          Optional.ofNullable(acceptLanguage),
          mapsPmToken,
          addressParameters == null ? Map.of() : Map.copyOf(addressParameters),
          transforms == null
              ? List.of()
              : transforms.stream().map(TransformEntry::toTransform).toList());
    }
  }

  private record TransformEntry(
      String path,
      @Nullable Set<String> types,
      @Nullable String transformer,
      boolean ownAuthority,
      @Nullable List<EditEntry> edits) {
    VendorProfile.Transform toTransform() {
      return new VendorProfile.Transform(
          Pattern.compile(path),
          types == null ? Set.of() : Set.copyOf(types),
          Optional.ofNullable(transformer),
          ownAuthority,
          edits == null ? List.of() : edits.stream().map(EditEntry::toEdit).toList());
    }
  }

  private record EditEntry(
      String find, @Nullable String replaceWith, @Nullable String insertAfter) {
    VendorProfile.Edit toEdit() {
      if ((replaceWith == null) == (insertAfter == null)) {
        throw new IllegalArgumentException(
            "edit of \"" + find + "\": needs either replaceWith or insertAfter");
      }
      return new VendorProfile.Edit(find, replaceWith == null ? find + insertAfter : replaceWith);
    }
  }
}
