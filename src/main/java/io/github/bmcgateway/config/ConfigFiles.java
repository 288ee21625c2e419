package io.github.bmcgateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The files from which settings come: {@code gateway.yaml}, the vendor profiles, and files of
 * secrets other than the token keys', which are watched by whoever holds the keys. Safe for use by
 * several threads.
 */
public final class ConfigFiles {
  /** More than any of them may have. */
  private static final int MAX_BYTES = 2 << 20;

  private final Function<String, Optional<String>> lookup;

  /**
   * @param lookup what the {@link ConfigLoader} asks
   */
  public ConfigFiles(Function<String, Optional<String>> lookup) {
    this.lookup = lookup;
  }

  /**
   * A digest of names and contents: equal when nothing has changed. The date of a file counts for
   * nothing; what copies files may keep it. Reads the files, and may block as long as they do.
   */
  public String fingerprint() {
    MessageDigest digest = sha256();
    for (Path file : files()) {
      digest.update((file + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(content(file));
    }
    return Arrays.toString(digest.digest());
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    path(ConfigLoader.FOLDER)
        .ifPresent(
            folder -> {
              files.add(folder.resolve(SettingsFile.NAME));
              files.addAll(profiles(folder.resolve(ConfigLoader.PROFILES)));
            });
    Arrays.stream(Setting.values())
        .filter(setting -> setting.isSecret() && setting != Setting.TOKEN_KEY)
        .flatMap(setting -> setting.environment().stream())
        .flatMap(name -> path(SettingsSource.fileVariable(name)).stream())
        .forEach(files::add);
    return files;
  }

  private Optional<Path> path(String variable) {
    try {
      return lookup.apply(variable).map(Path::of);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static List<Path> profiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  /** A digest of the content, or nothing where there is none to read. */
  private static byte[] content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = sha256();
      digest.update(in.readNBytes(MAX_BYTES));
      return digest.digest();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
