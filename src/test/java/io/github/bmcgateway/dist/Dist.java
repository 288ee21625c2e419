package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The artifacts under test and the servers to try them in, where the build puts them. */
final class Dist {

  private Dist() {}

  /** The WAR. */
  static Path war() {
    return path("dist.war");
  }

  /** The unpacked distribution of Jetty. */
  static Path jettyHome() {
    return path("dist.jettyHome");
  }

  /** The unpacked distribution of a Tomcat, by its major version. */
  static Path tomcat(int major) {
    return path("dist.tomcat" + major);
  }

  /** The packed Jetty base. */
  static Path jettyBase() {
    return path("dist.jettyBase");
  }

  /** Unpacks the Jetty base into a folder: the base's own folder in it. */
  static Path unpackJettyBase(Path folder) throws IOException, InterruptedException {
    run(folder, Map.of(), List.of("tar", "xzf", jettyBase().toString()));
    try (var entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  /** Writes a pair of PEM files, origin.crt and origin.key, the key first. */
  static void writePair(Path folder, KeyStore pair) throws IOException {
    Files.writeString(folder.resolve("origin.key"), TestCertificates.keyPem(pair));
    Files.writeString(folder.resolve("origin.crt"), TestCertificates.chainPem(pair));
  }

  /** Runs the command line in the WAR: what it prints. */
  static String commandLine(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(System.getProperty("java.home") + "/bin/java", "-jar", war().toString()));
    command.addAll(List.of(arguments));
    return run(folder, environment, command);
  }

  private static String run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    try (ServerProcess process = ServerProcess.start(folder, environment, command)) {
      assertEquals(0, process.awaitExit(Duration.ofSeconds(60)), process::output);
      return process.output().strip();
    }
  }

  private static Path path(String property) {
    Path path = Path.of(System.getProperty(property, "(property " + property + " is not set)"));
    assertTrue(Files.exists(path), path + " is missing: run through mvn verify");
    return path;
  }
}
