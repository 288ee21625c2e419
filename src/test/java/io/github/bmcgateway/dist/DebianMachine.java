package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine that the tests run on, as one to install the Debian package on for a moment. */
final class DebianMachine {
  static final String NAME = "bmc-gateway";

  /** What a purge deletes. */
  static final List<Path> FOLDERS =
      Stream.of("/etc", "/var/lib", "/var/log").map(parent -> Path.of(parent, NAME)).toList();

  /** Where else something of the gateway may be that somebody put there. */
  private static final List<Path> OTHERS =
      List.of(
          Path.of("/opt/bmc-gateway"),
          Path.of("/usr/share/bmc-gateway"),
          Path.of("/usr/sbin/bmc-gateway"),
          Path.of("/etc/systemd/system/bmc-gateway.service"));

  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Path folder;

  /**
   * @param folder where commands are run
   */
  DebianMachine(Path folder) {
    this.folder = folder;
  }

  /** Why the package can't be installed here without changing what isn't the test's, if so. */
  Optional<String> objection(Path deb) throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
      return Optional.of("this machine is no Debian");
    }
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("installing a package needs root");
    }
    Optional<Path> there =
        Stream.concat(FOLDERS.stream(), OTHERS.stream()).filter(DebianMachine::exists).findFirst();
    if (there.isPresent()) {
      return Optional.of("there is a bmc-gateway on this machine already: " + there.get());
    }
    if (tries("dpkg-query -W bmc-gateway") || tries("getent passwd bmc-gateway")) {
      return Optional.of("there is a bmc-gateway on this machine already: a package or a user");
    }
    String plan = run("LC_ALL=C apt-get -s install '" + deb + "' 2>&1 || true");
    return plan.lines().filter(line -> line.startsWith("Inst ")).count() == 1
        ? Optional.empty()
        : Optional.of("apt would have to do more than to install the package:\n" + plan);
  }

  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Owner, group and mode. */
  String owner(Path path) throws IOException, InterruptedException {
    return run("stat -c '%U:%G %a' " + path);
  }

  /** Runs shell commands, which have to succeed: what they print. */
  String run(String commands) throws IOException, InterruptedException {
    try (ServerProcess process = start(commands)) {
      assertEquals(0, process.awaitExit(LONGEST), () -> commands + "\n" + process.output());
      return process.output().strip();
    }
  }

  private boolean tries(String commands) throws IOException, InterruptedException {
    try (ServerProcess process = start(commands)) {
      return process.awaitExit(LONGEST) == 0;
    }
  }

  /** Starts a shell with these commands, in an environment without the gateway's settings. */
  ServerProcess start(String commands) throws IOException {
    Path apt = folder.resolve("apt.conf");
    // Somebody else, such as unattended-upgrades, may be installing.
    Files.writeString(apt, "DPkg::Lock::Timeout \"60\";\n");
    // Java is Debian's: the service's user may not be able to read this JVM's folder.
    Map<String, String> environment = Map.of("JAVA_HOME", "", "APT_CONFIG", apt.toString());
    return ServerProcess.start(folder, environment, List.of("/bin/sh", "-euc", commands));
  }

  /** Takes away what a test that failed has left. */
  void clear() throws IOException, InterruptedException {
    tries("dpkg --purge --force-all " + NAME);
    for (Path each : FOLDERS) {
      run("rm -rf " + each);
    }
    tries("userdel " + NAME);
  }
}
