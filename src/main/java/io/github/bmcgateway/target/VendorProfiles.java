package io.github.bmcgateway.target;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.github.bmcgateway.config.BmcOverride;
import io.github.bmcgateway.config.GatewayConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The vendor profiles of this gateway, by name. A profile in the configuration folder takes the
 * place of the built-in one of the same name, or adds a vendor. Immutable.
 */
public final class VendorProfiles {
  /** The vendor of a BMC of which nothing better is known. */
  public static final String GENERIC = "generic";

  private static final List<String> BUILT_IN =
      List.of(GENERIC, "asrockrack", "idrac8", "idrac9", "ilo5");
  private static final String SUFFIX = ".yaml";
  private static final int VERSION_BYTES = 8;

  /** What a profile has that its file can't say. */
  private static final List<String> NOT_IN_FILES = List.of("name", "version");

  /** What the parser calls a part of a profile: its class, of which the last word is enough. */
  private static final Pattern TYPE = Pattern.compile("`(?:\\w+[.$])*(\\w+)[^`]*`");

  private static final ObjectMapper YAML =
      YAMLMapper.builder(new YAMLFactory())
          .addModule(new Jdk8Module())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final Map<String, Read> profiles;

  private VendorProfiles(Map<String, Read> profiles) {
    this.profiles = Map.copyOf(profiles);
  }

  /**
   * A profile as it was read.
   *
   * @param tree what the file says; regular expressions, which the profile holds, don't compare
   */
  private record Read(VendorProfile profile, ObjectNode tree) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Read read && tree.equals(read.tree);
    }

    @Override
    public int hashCode() {
      return tree.hashCode();
    }
  }

  /** The profiles that the gateway brings along. */
  public static VendorProfiles builtIn() {
    Map<String, Read> profiles = new TreeMap<>();
    for (String name : BUILT_IN) {
      try (InputStream yaml =
          Objects.requireNonNull(
              VendorProfiles.class.getResourceAsStream("/vendors/" + name + SUFFIX), name)) {
        profiles.put(name, read(name, yaml));
      } catch (IOException e) {
        throw new UncheckedIOException("vendors/" + name + SUFFIX, e);
      }
    }
    return new VendorProfiles(profiles);
  }

  /**
   * The profiles of a gateway with these settings: the built-in ones and the operator's own.
   *
   * @throws InvalidProfileException a profile can't be used, or an override names a vendor that has
   *     none
   */
  public static VendorProfiles of(GatewayConfig.Bmc config) throws InvalidProfileException {
    VendorProfiles profiles = builtIn();
    if (config.profiles().isPresent()) {
      profiles = profiles.with(config.profiles().get());
    }
    for (BmcOverride override : config.overrides().entries()) {
      if (profiles.find(override.vendor()).isEmpty()) {
        throw new InvalidProfileException(
            "bmc.overrides: vendor \"%s\" (%s) is refused: it has no profile. Accepted: %s."
                .formatted(
                    override.vendor().orElse(""),
                    override.network(),
                    String.join(", ", new TreeSet<>(profiles.profiles.keySet()))));
      }
    }
    return profiles;
  }

  /**
   * These profiles with those of a folder, one file {@code <vendor>.yaml} each.
   *
   * @throws InvalidProfileException with the file and the reason
   */
  public VendorProfiles with(Path folder) throws InvalidProfileException {
    Map<String, Read> merged = new TreeMap<>(profiles);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
        String name = nameOf(file);
        merged.put(name, read(file, name));
      }
    } catch (IOException e) {
      throw new InvalidProfileException(folder + ": can't be read");
    }
    return new VendorProfiles(merged);
  }

  private static String nameOf(Path file) throws InvalidProfileException {
    String fileName = String.valueOf(file.getFileName());
    String name = fileName.substring(0, fileName.length() - SUFFIX.length());
    if (!name.matches("[a-z][a-z0-9-]{0,31}")) {
      throw new InvalidProfileException(
          file + ": a vendor's name has up to 32 of a-z, 0-9 and -, and begins with a letter");
    }
    return name;
  }

  private static Read read(Path file, String name) throws InvalidProfileException {
    try (InputStream yaml = Files.newInputStream(file)) {
      Read profile = read(name, yaml);
      List<String> problems = ProfileCheck.problems(profile.profile());
      if (!problems.isEmpty()) {
        throw new InvalidProfileException(file + ": " + String.join("; ", problems));
      }
      return profile;
    } catch (JsonProcessingException e) {
      throw new InvalidProfileException(file + reason(e));
    } catch (IOException e) {
      throw new InvalidProfileException(file + ": can't be read");
    }
  }

  /** One line: what the parsers say goes on over several. */
  private static String reason(JsonProcessingException e) {
    return cause(e).lines().findFirst().orElse("");
  }

  private static String cause(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return ": " + place(unknown) + ": no such key here";
    }
    return e instanceof JsonMappingException mapping
        ? ": " + place(mapping) + ": " + TYPE.matcher(e.getOriginalMessage()).replaceAll("$1")
        : ", line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage();
  }

  /** Where in the profile, such as {@code sockets[0].path}. */
  private static String place(JsonMappingException e) {
    StringBuilder place = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      String key = step.getFieldName();
      place.append(key == null ? "[" + step.getIndex() + "]" : "." + key);
    }
    return place.isEmpty() ? "profile" : place.substring(1);
  }

  private static Read read(String name, InputStream yaml) throws IOException {
    // A document of nothing but a null is read as Java's.
    ObjectNode tree =
        Optional.ofNullable(YAML.readValue(yaml, ObjectNode.class))
            .orElseGet(YAML::createObjectNode);
    for (String key : NOT_IN_FILES) {
      if (tree.has(key)) {
        throw UnrecognizedPropertyException.from(
            YAML.treeAsTokens(tree), VendorProfile.class, key, List.of());
      }
    }
    tree.put("name", name);
    tree.put("version", version(tree));
    return new Read(YAML.treeToValue(tree, VendorProfile.class), tree);
  }

  private static String version(ObjectNode tree) {
    try {
      byte[] content = tree.toString().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, VERSION_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The profile of a vendor; no vendor is {@link #GENERIC}, an unknown one is empty. */
  public Optional<VendorProfile> find(Optional<String> vendor) {
    return Optional.ofNullable(profiles.get(vendor.orElse(GENERIC))).map(Read::profile);
  }

  /** All profiles. */
  public Collection<VendorProfile> all() {
    return profiles.values().stream().map(Read::profile).toList();
  }

  /** Every cookie name that some vendor's pages set. */
  public Collection<String> cookies() {
    Set<String> names = new TreeSet<>();
    all().forEach(profile -> names.addAll(profile.cookies()));
    return names;
  }

  /** Every port that some vendor's console needs besides the BMC's own. */
  public Set<Integer> consolePorts() {
    Set<Integer> ports = new TreeSet<>();
    all().forEach(profile -> profile.consolePort().ifPresent(ports::add));
    return ports;
  }

  /** Equal when the profiles say the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof VendorProfiles others && profiles.equals(others.profiles);
  }

  @Override
  public int hashCode() {
    return profiles.hashCode();
  }
}
