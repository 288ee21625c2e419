package io.github.bmcgateway.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads how BMCs are recognised. */
final class TrustSettings {
  private static final String STORE = "bmc-pins.txt";

  private TrustSettings() {}

  /**
   * @param folder the folder of {@code gateway.yaml}, if there is one
   */
  static BmcTrust read(SettingsReader reader, Overrides overrides, Optional<Path> folder) {
    Trust usual = reader.value(Setting.BMC_TLS, text -> word(Trust.class, text));
    List<Pin> pins = reader.table(Setting.BMC_PINS, PinParser::parse);
    Optional<Path> store = reader.optional(Setting.BMC_PIN_STORE, TrustSettings::store);
    boolean tofu =
        usual == Trust.TOFU
            || overrides.entries().stream()
                .anyMatch(entry -> entry.trust().equals(Optional.of(Trust.TOFU)));
    if (!tofu || store.isPresent()) {
      return new BmcTrust(usual, pins, store);
    }
    return new BmcTrust(usual, pins, usualStore(reader, folder));
  }

  private static Optional<Path> usualStore(SettingsReader reader, Optional<Path> folder) {
    try {
      if (folder.isPresent()) {
        return Optional.of(store(folder.get().toAbsolutePath().resolve(STORE).toString()));
      }
      reader.demand(Setting.BMC_PIN_STORE, "tofu needs it, as there is no configuration folder");
    } catch (BadValueException e) {
      reader.demand(
          Setting.BMC_PIN_STORE, "tofu needs it: in the configuration folder, " + e.why());
    }
    return Optional.empty();
  }

  /** A file that may be written, or made, where it lies. */
  private static Path store(String text) throws BadValueException {
    try {
      Path file = Path.of(text);
      Path folder = file.getParent();
      if (!file.isAbsolute() || folder == null) {
        throw new BadValueException("not the absolute path of a file");
      }
      // A new file takes the old one's place, so it is the folder that has to be writable.
      if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
        throw new BadValueException("there is no folder of that name that may be written to");
      }
      PinFile.check(file);
      return file;
    } catch (InvalidPathException e) {
      throw new BadValueException("not a path");
    }
  }

  /** The constant that the word names, in lower case. */
  static <E extends Enum<E>> E word(Class<E> type, String text) throws BadValueException {
    String accepted =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    throw new BadValueException("none of " + accepted);
  }
}
