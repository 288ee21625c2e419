package io.github.bmcgateway.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Runs the command line inside the WAR. Java has no class path into {@code WEB-INF}: the classes
 * and libraries are unpacked into a folder that only this user can read and that is deleted at the
 * end.
 */
public final class Main {
  private static final String CLASSES = "WEB-INF/classes/";
  private static final String LIBRARIES = "WEB-INF/lib/";
  private static final String COMMAND_LINE = "io.github.bmcgateway.cli.Main";

  private Main() {}

  /** Runs the command line with these arguments; it ends the process with its exit code. */
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    Path folder = Files.createTempDirectory("bmc-gateway-");
    List<URL> classPath = new ArrayList<>();
    URLClassLoader loader;
    try {
      unpack(war(), folder, classPath);
      loader =
          new URLClassLoader(
              classPath.toArray(URL[]::new), /* parent= */ ClassLoader.getPlatformClassLoader());
    } catch (IOException | RuntimeException e) {
      delete(folder);
      throw e;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(loader, folder)));
    Thread.currentThread().setContextClassLoader(loader);
    loader
        .loadClass(COMMAND_LINE)
        .getMethod("main", String[].class)
        .invoke(null, (Object) arguments);
  }

  private static Path war() {
    try {
      Path war = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isRegularFile(war)) {
        return war;
      }
      throw new IllegalStateException(
          "This class only runs from the WAR: java -jar bmc-gateway.war");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The WAR lies at a place that is no file", e);
    }
  }

  private static void unpack(Path war, Path folder, List<URL> classPath) throws IOException {
    try (ZipFile zip = new ZipFile(war.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (entry.isDirectory() || !(name.startsWith(CLASSES) || name.startsWith(LIBRARIES))) {
          continue;
        }
        Path file = unpack(zip, entry, folder);
        if (name.startsWith(LIBRARIES)) {
          classPath.add(file.toUri().toURL());
        }
      }
    }
    Path classes = Files.createDirectories(folder.resolve(CLASSES));
    classPath.add(0, classes.toUri().toURL());
  }

  private static Path unpack(ZipFile zip, ZipEntry entry, Path folder) throws IOException {
    Path file = folder.resolve(entry.getName()).normalize();
    if (!file.startsWith(folder)) {
      throw new IOException("An entry of the WAR points out of it: " + entry.getName());
    }
    Files.createDirectories(file.getParent());
    try (InputStream content = zip.getInputStream(entry)) {
      Files.copy(content, file);
    }
    return file;
  }

  private static void cleanUp(URLClassLoader loader, Path folder) {
    try (loader) {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
