package io.github.bmcgateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.config.Fingerprint;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.TestKeys;
import io.github.bmcgateway.proxy.tls.OldCertificates;
import io.github.bmcgateway.proxy.tls.OldServer;
import io.github.bmcgateway.testing.ReservedPort;
import io.github.bmcgateway.testing.ScriptedBmc;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands that ask a BMC. */
final class BmcCommandsTest {
  private static final String OTHER = "ab".repeat(32);

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>(Map.of("JWT_KEY", TestKeys.FIRST));
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void probeSaysWhatABmcIsAndWhatToWriteDown() throws Exception {
    try (ScriptedBmc bmc =
        ScriptedBmc.start(
            exchange -> {
              if (exchange.requestLine().startsWith("GET / ")) {
                exchange.ok("", "<script src=\"js/iLO.js\"></script>");
              } else {
                exchange.say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
              }
            })) {
      permit(bmc.port());
      assertEquals(0, run("probe 127.0.0.1 --port " + bmc.port()), err::toString);
      assertEquals("", err.toString());
      Map<String, String> lines = lines();
      assertEquals("127.0.0.1:" + bmc.port(), lines.get("BMC"));
      assertEquals("ilo5", lines.get("vendor"));
      assertEquals("CN=scripted", lines.get("subject"));
      assertEquals("RSA 2048, signed with SHA256withRSA", lines.get("key"));
      assertTrue(lines.get("TLS").startsWith("TLSv1.3 (TLS_AES_"), lines.get("TLS"));
      assertTrue(lines.get("TLS").endsWith("), TLSv1.1 no, TLSv1 no"), lines.get("TLS"));
      assertTrue(
          bmc.exchanges().stream().allMatch(e -> e.values("Authorization").isEmpty()),
          "no credentials");
      GatewayConfig.Bmc suggested = suggested();
      InetAddress ip = InetAddress.getByName("127.0.0.1");
      assertEquals(Optional.of("ilo5"), suggested.overrides().vendor(ip));
      assertEquals(Optional.empty(), suggested.overrides().tls(ip));
      assertEquals(
          Set.of(Fingerprint.parse(lines.get("certificate")).orElseThrow()),
          suggested.trust().pins().get(0).fingerprints());
      assertEquals(Optional.of(bmc.port()), suggested.trust().pins().get(0).port());
    }
  }

  @Test
  void probeTellsThatABmcNeedsTheOldTls() throws Exception {
    OldCertificates.Identity old = OldCertificates.of("RSA-1024", "MD5");
    try (OldServer bmc = OldServer.start(old, "TLSv1", "TLS_RSA_WITH_3DES_EDE_CBC_SHA")) {
      permit(bmc.port());
      assertEquals(1, run("probe 127.0.0.1 --port " + bmc.port()));
      assertTrue(err.toString().contains("without an override tls: legacy"), err.toString());
      Map<String, String> lines = lines();
      assertEquals(Fingerprint.of(old.certificate()).toString(), lines.get("certificate"));
      assertEquals("RSA 1024, signed with MD5withRSA", lines.get("key"));
      assertEquals(
          "TLSv1.3 no, TLSv1.2 no, TLSv1.1 no, TLSv1 (TLS_RSA_WITH_3DES_EDE_CBC_SHA)",
          lines.get("TLS"));
      assertEquals("not recognised (generic)", lines.get("vendor"));
      write(snippet());
      out.getBuffer().setLength(0);
      assertEquals(0, run("probe 127.0.0.1 --port " + bmc.port()), err::toString);
    }
  }

  @Test
  void probeAsksNothingWhereTheGatewayMayNotGo() throws Exception {
    try (ScriptedBmc bmc = ScriptedBmc.start(exchange -> exchange.ok("", ""))) {
      for (String command : List.of("probe", "accept")) {
        environment.put("BMC_TLS", "any");
        environment.put("BMC_PORTS", Integer.toString(bmc.port()));
        environment.remove("BMC_NETWORKS");
        assertEquals(1, run(command + " 127.0.0.1 --port " + bmc.port()));
        assertTrue(err.toString().contains("(bmc.networks). Nothing was asked"), err.toString());
        environment.put("BMC_NETWORKS", "127.0.0.0/8");
        environment.put("BMC_PORTS", "443");
        assertEquals(1, run(command + " 127.0.0.1 --port " + bmc.port()));
        assertTrue(err.toString().contains("(bmc.ports). Nothing was asked"), err.toString());
        err.getBuffer().setLength(0);
      }
      assertEquals("", out.toString());
      assertEquals(0, bmc.openConnections());
    }
  }

  @Test
  void probeFailsWhereNobodyAnswersOrTheCertificateIsNotThePinnedOne() throws Exception {
    try (ReservedPort closed = new ReservedPort()) {
      permit(closed.port());
      assertEquals(1, run("probe 127.0.0.1 --port " + closed.port()));
      assertTrue(
          err.toString().startsWith("no TLS with 127.0.0.1:" + closed.port()), err.toString());
    }
    try (OldServer bmc = OldServer.jdk(OldCertificates.of("EC-256", "SHA256"), "TLSv1.3")) {
      permit(bmc.port());
      write("bmc: {pins: [{address: 127.0.0.1, sha256: %s}]}".formatted(OTHER));
      assertEquals(1, run("probe 127.0.0.1 --port " + bmc.port()));
      assertTrue(err.toString().contains("isn't in bmc.pins"), err.toString());
      assertEquals("EC 256, signed with SHA256withECDSA", lines().get("key"));
    }
  }

  @Test
  void acceptWritesDownWhatTheBmcShowsOrWhatIsGiven() throws Exception {
    OldCertificates.Identity identity = OldCertificates.of("RSA-2048", "SHA256");
    try (OldServer bmc = OldServer.jdk(identity, "TLSv1.2")) {
      permit(bmc.port());
      write("bmc: {tls: tofu}");
      String at = " 127.0.0.1 --port " + bmc.port();
      assertEquals(0, run("accept" + at + " --fingerprint " + OTHER), err::toString);
      assertEquals(0, bmc.connections());
      assertEquals(1, run("probe" + at));
      assertTrue(err.toString().contains("it is known by AB:AB:"), err.toString());
      assertEquals(0, run("accept" + at), err::toString);
      String shown = Fingerprint.of(identity.certificate()).toString();
      assertTrue(out.toString().contains(" is known by " + shown), out.toString());
      assertTrue(out.toString().contains("before: AB:AB:"), out.toString());
      List<String> lines = Files.readAllLines(folder.resolve("bmc-pins.txt"));
      assertEquals(
          "127.0.0.1:%d %s 2026-11-22T02:30:00Z".formatted(bmc.port(), shown), lines.get(2));
      assertEquals(0, run("probe" + at));
    }
  }

  @Test
  void acceptTellsWhereItWouldHaveNoEffect() throws Exception {
    permit(443);
    assertEquals(1, run("accept 127.0.0.1 --fingerprint " + OTHER));
    assertTrue(err.toString().contains("isn't tofu"), err.toString());
    write("bmc: {tls: tofu, pins: [{address: 127.0.0.1, sha256: %s}]}".formatted(OTHER));
    assertEquals(1, run("accept 127.0.0.1 --fingerprint " + OTHER));
    assertTrue(err.toString().contains("is pinned by bmc.pins"), err.toString());
    assertFalse(Files.exists(folder.resolve("bmc-pins.txt")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "probe",
        "probe bmc.lan",
        "probe 127.0.0.1 --port 0",
        "probe 127.0.0.1 --port https",
        "probe 127.0.0.1 127.0.0.2",
        "accept",
        "accept 127.0.0.1 --fingerprint abc",
      })
  void aWrongCallIsExplained(String arguments) throws Exception {
    permit(443);
    write("bmc: {tls: tofu}");
    assertEquals(2, run(arguments));
    assertEquals("", out.toString());
    assertTrue(err.toString().contains("--help"), err.toString());
  }

  private void permit(int port) {
    environment.put("BMC_NETWORKS", "127.0.0.0/8");
    environment.put("BMC_PORTS", Integer.toString(port));
  }

  private void write(String yaml) throws Exception {
    Files.writeString(folder.resolve("gateway.yaml"), yaml);
    environment.put("BMC_GATEWAY_CONFIG", folder.toString());
  }

  private int run(String arguments) {
    CommandLine commands =
        Main.commands(
            this::lookup, Clock.fixed(Instant.parse("2026-11-22T02:30:00.5Z"), ZoneOffset.UTC));
    commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commands.execute(arguments.split(" "));
  }

  private Optional<String> lookup(String name) {
    return Optional.ofNullable(environment.get(name));
  }

  private Map<String, String> lines() {
    return Arrays.stream(out.toString().split("\\R"))
        .takeWhile(line -> !line.isEmpty())
        .collect(
            Collectors.toMap(
                line -> line.substring(0, 12).strip(), line -> line.substring(12).strip()));
  }

  private String snippet() {
    return out.toString().substring(out.toString().indexOf("bmc:\n"));
  }

  private GatewayConfig.Bmc suggested() throws Exception {
    write(snippet());
    return new ConfigLoader(this::lookup).load().bmc();
  }
}
