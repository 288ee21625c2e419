package io.github.bmcgateway.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.testing.ReservedPort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Debian package's life on this machine, from installation to purge, by the commands of its
 * page. Each test goes on where the one before it stopped.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebianPackageIT {
  private static final Path ENVIRONMENT = Path.of("/etc/bmc-gateway/environment");
  private static final Path KEY = Path.of("/etc/bmc-gateway/jwt.key");
  private static final Path AUDIT = Path.of("/var/log/bmc-gateway/audit.jsonl");
  private static final Path PROGRAM = Path.of("/usr/sbin/bmc-gateway");

  @TempDir static Path folder;
  private static Optional<DebianMachine> used = Optional.empty();
  private static ShellBlocks page;

  @BeforeAll
  static void mayUseThisMachine() throws Exception {
    String property = System.getProperty("dist.deb", "");
    if (property.isEmpty()) {
      notRun("only -Pdeb builds the package");
    }
    Path deb = Path.of(property);
    DebianMachine candidate = new DebianMachine(folder);
    candidate.objection(deb).ifPresent(DebianPackageIT::notRun);
    used = Optional.of(candidate);
    Files.createLink(folder.resolve(deb.getFileName()), deb);
    page = ShellBlocks.of(Path.of("src/docs/run-debian.md"));
  }

  private static void notRun(String why) {
    System.err.println("NOT RUN: the test of the Debian package: " + why);
    abort(why);
  }

  @AfterAll
  static void leaveNothing() throws Exception {
    if (used.isPresent()) {
      used.get().clear();
    }
  }

  private static DebianMachine machine() {
    return used.orElseThrow();
  }

  private static String commands(String section, int number) {
    return page.withoutSystemd(section).get(number);
  }

  @Test
  @Order(1)
  void installsWithoutAKeyAndSaysWhatIsMissing() throws Exception {
    String output = machine().run(commands("Install", 0));

    assertTrue(output.contains("JWT_KEY_FILE"), output);
    assertTrue(output.contains("bmc-gateway is installed, but can't start yet."), output);
    assertFalse(output.contains("\tat "), output);
    assertEquals("root:bmc-gateway 750", machine().owner(Path.of("/etc/bmc-gateway")));
    assertEquals("bmc-gateway:bmc-gateway 700", machine().owner(Path.of("/var/lib/bmc-gateway")));
    assertEquals("bmc-gateway:bmc-gateway 750", machine().owner(AUDIT.getParent()));
    machine()
        .run(
            "! command -v systemd-analyze || systemd-analyze verify"
                + " /usr/lib/systemd/system/bmc-gateway.service");
    try (ServerProcess gateway = machine().start(commands("Start", 0))) {
      assertEquals(2, gateway.awaitExit(ServerProcess.PATIENCE), gateway::output);
      assertTrue(gateway.output().contains("JWT_KEY_FILE"), gateway::output);
    }
  }

  @Test
  @Order(2)
  void showsAPageOfABmcAsItsOwnUser() throws Exception {
    KeyStore pair = TestCertificates.localhost();
    Files.writeString(folder.resolve("privkey.pem"), TestCertificates.keyPem(pair));
    Files.writeString(folder.resolve("fullchain.pem"), TestCertificates.chainPem(pair));
    machine().run(commands("Key and certificate", 0));
    try (ReservedPort port = new ReservedPort();
        Idrac9Simulator bmc = Idrac9Simulator.builder().tag("DEBIAN1").start()) {
      Browser browser = new Browser(port.port());
      set("LISTEN=127.0.0.1:" + browser.port());
      set("BMC_NETWORKS=\"127.0.0.0/8\"");
      set("BMC_PORTS=" + bmc.port());
      String settings = machine().run(commands("Key and certificate", 1));
      assertTrue(settings.contains("/var/lib/bmc-gateway/bmc-pins.txt"), settings);
      assertTrue(settings.contains("/var/lib/bmc-gateway/revocations.jsonl"), settings);
      assertTrue(settings.contains(AUDIT.toString()), settings);

      try (ServerProcess gateway = machine().start("exec " + commands("Start", 0))) {
        gateway.await("answer", browser::answers);
        assertEquals(Optional.of("bmc-gateway"), gateway.user());
        visit(browser, bmc);
        gateway.terminate();
        assertEquals(143, gateway.awaitExit(ServerProcess.PATIENCE), gateway::output);
      }
      assertEquals(List.of(), bmc.recorder().violations());
    }
    assertTrue(Files.readString(AUDIT).contains("\"session_start\""));
    assertEquals("bmc-gateway:bmc-gateway 640", machine().owner(AUDIT));
  }

  private static void set(String line) throws IOException {
    Files.writeString(ENVIRONMENT, line + "\n", StandardOpenOption.APPEND);
  }

  private static void visit(Browser browser, Idrac9Simulator bmc) throws Exception {
    String link =
        machine()
            .run(
                commands("Start", 1)
                    .replace("10.0.0.5", "127.0.0.1 --vendor idrac9 --port " + bmc.port())
                    .replace("https://pm.example.com", browser.uri("https", "").toString()));
    URI uri = URI.create(link);
    HttpResponse<byte[]> opened = browser.get(uri.getRawPath() + "?" + uri.getRawQuery(), Map.of());
    assertEquals(302, opened.statusCode(), link);
    String cookie =
        opened.headers().allValues("Set-Cookie").stream()
            .filter(each -> each.startsWith("pm-session="))
            .findFirst()
            .orElseThrow()
            .split(";")[0];

    HttpResponse<byte[]> shown =
        browser.get("/restgui/start.html", Map.of("Cookie", cookie, "Accept-Encoding", "gzip"));

    assertEquals(200, shown.statusCode());
    try (InputStream html = new GZIPInputStream(new ByteArrayInputStream(shown.body()))) {
      String text = new String(html.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(text.contains("DEBIAN1"), text);
    }
  }

  @Test
  @Order(3)
  void anUpgradeKeepsWhatWasChanged() throws Exception {
    String changed = Files.readString(ENVIRONMENT);
    String key = Files.readString(KEY);
    machine()
        .run(
            """
            dpkg-deb -R bmc-gateway_*_all.deb next
            sed -i 's/^Version: .*/&+next/' next/DEBIAN/control
            echo '# next' >>next/etc/bmc-gateway/environment
            echo '# next' >>next/etc/bmc-gateway/gateway.yaml
            dpkg-deb --root-owner-group -Znone -b next next.deb
            """);

    String output =
        machine().run(commands("Upgrade", 0).replaceAll("\\./bmc-gateway\\S+", "./next.deb"));

    assertFalse(output.contains("can't start yet"), output);
    assertTrue(machine().run("dpkg-query -W bmc-gateway").endsWith("+next"));
    assertEquals(changed, Files.readString(ENVIRONMENT));
    assertTrue(Files.readString(Path.of(ENVIRONMENT + ".dpkg-dist")).endsWith("# next\n"));
    assertTrue(Files.readString(Path.of("/etc/bmc-gateway/gateway.yaml")).endsWith("# next\n"));
    assertEquals(key, Files.readString(KEY));
  }

  @Test
  @Order(4)
  void removalKeepsSettingsStateAndLogs() throws Exception {
    String changed = Files.readString(ENVIRONMENT);

    machine().run(commands("Remove", 0));

    assertFalse(DebianMachine.exists(PROGRAM));
    assertFalse(DebianMachine.exists(Path.of("/usr/share/bmc-gateway")));
    assertEquals(changed, Files.readString(ENVIRONMENT));
    assertTrue(Files.exists(KEY));
    assertTrue(Files.exists(AUDIT));
  }

  @Test
  @Order(5)
  void aPurgeLeavesNothingButTheUser() throws Exception {
    machine().run(commands("Remove", 1));

    for (Path each : DebianMachine.FOLDERS) {
      assertFalse(DebianMachine.exists(each), each::toString);
    }
    assertEquals(
        "", machine().run("find /etc/systemd /var/lib/systemd -name '*bmc-gateway*' 2>&1"));
    machine().run(commands("Remove", 2));
  }
}
