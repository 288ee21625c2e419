package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of the pages do what they are there for. Each block is run, in a folder that takes
 * the place of the machine's own; or a comment in the page's source says why it isn't, or which
 * test runs it:
 *
 * <ul>
 *   <li>{@code <!-- not run: REASON -->}: it is looked at for its syntax only;
 *   <li>{@code <!-- run by TEST -->};
 *   <li>{@code <!-- run until it answers -->}: it starts the gateway in the foreground.
 * </ul>
 */
class PageCommandsIT {
  private static final String ADMIN_KEY = ConsoleEnds.ADMIN_KEY;

  /** The machine's folders that commands name. */
  private static final String OF_THE_MACHINE = "(?<![\\w./-])/(etc|opt|var)/";

  @TempDir static Path machine;
  private static GatewayFixture gateway;
  private static ReservedPort port;

  @BeforeAll
  static void layOut() throws Exception {
    gateway = GatewayFixture.builder(443).yaml("admin: {key: " + ADMIN_KEY + "}").start();
    port = new ReservedPort();
    for (String folder : List.of("etc/systemd/system", "etc/sysusers.d", "etc/tmpfiles.d", "opt")) {
      Files.createDirectories(machine.resolve(folder));
    }
    Path etc = Files.createDirectories(machine.resolve("etc/bmc-gateway"));
    Files.writeString(etc.resolve("jwt.key"), Tokens.KEY);
    var pair = TestCertificates.localhost();
    Files.writeString(etc.resolve("fullchain.pem"), TestCertificates.chainPem(pair));
    Files.writeString(etc.resolve("privkey.pem"), TestCertificates.keyPem(pair));
    Files.createSymbolicLink(machine.resolve("opt/jetty-home"), Dist.jettyHome());
    Files.createSymbolicLink(machine.resolve("bmc-gateway.war"), Dist.war());
    Files.createSymbolicLink(machine.resolve(Dist.jettyBase().getFileName()), Dist.jettyBase());
    command("curl", "--fail --silent --insecure --connect-to ::127.0.0.1:" + gateway.port());
  }

  /** Puts a command of this name in the way that adds options. */
  private static void command(String name, String options) throws IOException {
    Path folder = Files.createDirectories(machine.resolve("bin"));
    Path script =
        Files.writeString(
            folder.resolve(name), "#!/bin/sh\nexec /usr/bin/" + name + " " + options + " \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    port.close();
  }

  @Test
  void everyBlockSaysWhatItIs() throws IOException {
    List<PageCommand> blocks = PageCommand.all();

    assertTrue(blocks.size() > 40, blocks.size() + " blocks");
    assertEquals(List.of(), blocks.stream().filter(each -> each.language().isEmpty()).toList());
  }

  /** Those of a page in their order: what one makes, the next may need. */
  static Stream<Path> pages() throws IOException {
    return PageCommand.all().stream()
        .filter(PageCommand::isShell)
        .map(PageCommand::page)
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandsWork(Path page) throws Exception {
    List<PageCommand> commands =
        PageCommand.all().stream()
            .filter(PageCommand::isShell)
            .filter(each -> each.page().equals(page))
            .toList();
    for (PageCommand each : commands) {
      if (each.mark().isEmpty()) {
        assertEquals(0, run(each, "-euo", "pipefail", "-c", onThisMachine(each)));
      } else if (each.mark().equals("run until it answers")) {
        runUntilItAnswers(each);
      } else {
        assertEquals(0, run(each, "-n", "-c", each.text()));
        assertMarkHolds(each);
      }
    }
  }

  private static void assertMarkHolds(PageCommand command) throws IOException {
    if (command.mark().startsWith("not run: ")) {
      return;
    }
    String test = command.mark().replaceFirst("^run by ", "") + ".java";
    try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
      assertTrue(sources.anyMatch(each -> each.endsWith(test)), command::toString);
    }
  }

  private static String onThisMachine(PageCommand command) {
    return command.text().replaceAll(OF_THE_MACHINE, machine + "/$1/");
  }

  private static int run(PageCommand command, String... arguments) throws Exception {
    try (ServerProcess shell = start(arguments)) {
      int code = shell.awaitExit(Duration.ofSeconds(60));
      return code == 0 ? 0 : fail(command + " ended with " + code + ":\n" + shell.output());
    }
  }

  private static ServerProcess start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash"));
    command.addAll(List.of(arguments));
    return ServerProcess.start(
        machine,
        Map.of(
            "PATH",
            machine.resolve("bin") + ":" + System.getenv("PATH"),
            "JWT_KEY",
            Tokens.KEY,
            "ADMIN_KEY",
            ADMIN_KEY,
            "LISTEN",
            "127.0.0.1:" + port.port()),
        command);
  }

  private static void runUntilItAnswers(PageCommand command) throws Exception {
    String text = "unset JWT_KEY ADMIN_KEY\n" + onThisMachine(command);
    // In the shell's place, so that the signal reaches it.
    String script = text.replaceFirst("(?m)^bin/bmc-gateway$", "exec bin/bmc-gateway");
    try (ServerProcess server = start("-euo", "pipefail", "-c", script)) {
      server.await("answer to " + command, new Browser(port.port())::answers);
      server.terminate();
      assertEquals(128 + 15, server.awaitExit(Duration.ofSeconds(15)));
    }
  }
}
