package io.github.bmcgateway.bench;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The configuration folder of a gateway under measurement, which may be an older one. */
final class OwnConfig {
  private static final String ASSETS = "assets:";

  private OwnConfig() {}

  /**
   * Copies a configuration, without what that gateway doesn't know.
   *
   * @param jettyBase the gateway's
   */
  static Path copy(Path from, Path to, Path jettyBase) throws IOException {
    boolean cache = knowsAssets(jettyBase.resolve("webapps/ROOT.war"));
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      try (Stream<String> lines = Files.lines(file)) {
        Files.writeString(
            copy,
            lines
                .filter(line -> cache || !line.startsWith(ASSETS))
                .collect(Collectors.joining("\n", "", "\n")));
      }
    }
    return to;
  }

  private static boolean knowsAssets(Path war) throws IOException {
    try (FileSystem inside = FileSystems.newFileSystem(war)) {
      return Files.readString(inside.getPath("WEB-INF/classes/vendors/idrac9.yaml"))
          .contains("\n" + ASSETS);
    }
  }
}
