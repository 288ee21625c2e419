package io.github.bmcgateway.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.clients.RedfishClient.Answer;
import io.github.bmcgateway.clients.RedfishClient.Service;
import io.github.bmcgateway.sim.Recorder;
import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Proves;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.VendorMatrix.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Redfish clients that datacentres use get through the gateway what they get from the BMC
 * itself: list, session login, one PATCH, logout, byte for byte.
 */
class RedfishClientsIT {

  private static final String TAG = "TAGOFUNIT";

  @TempDir private Path folder;

  /** A simulated BMC for one run. */
  private record Unit(
      int port,
      String ownAuthority,
      String user,
      String password,
      Recorder recorder,
      AutoCloseable simulator) {}

  private interface Starter {
    Unit start() throws Exception;
  }

  @Test
  @Proves(vendors = "idrac8", parts = Part.REDFISH)
  void idrac8() throws Exception {
    assertSameThroughTheGateway(
        "idrac8",
        () -> {
          Idrac8Simulator bmc = Idrac8Simulator.builder().tag(TAG).start();
          return new Unit(
              bmc.port(), bmc.ownAuthority(), bmc.user(), bmc.password(), bmc.recorder(), bmc);
        });
  }

  @Test
  @Proves(vendors = "idrac9", parts = Part.REDFISH)
  void idrac9() throws Exception {
    assertSameThroughTheGateway(
        "idrac9",
        () -> {
          Idrac9Simulator bmc = Idrac9Simulator.builder().tag(TAG).start();
          return new Unit(
              bmc.port(), bmc.ownAuthority(), bmc.user(), bmc.password(), bmc.recorder(), bmc);
        });
  }

  @Test
  @Proves(vendors = "ilo5", parts = Part.REDFISH)
  void ilo5() throws Exception {
    assertSameThroughTheGateway(
        "ilo5",
        () -> {
          Ilo5Simulator bmc = Ilo5Simulator.builder().tag(TAG).start();
          return new Unit(
              bmc.port(), bmc.ownAuthority(), bmc.user(), bmc.password(), bmc.recorder(), bmc);
        });
  }

  @Test
  @Proves(vendors = "asrockrack", parts = Part.REDFISH)
  void asrockrack() throws Exception {
    assertSameThroughTheGateway(
        "asrockrack",
        () -> {
          AsrockrackSimulator bmc = AsrockrackSimulator.builder().tag(TAG).start();
          return new Unit(
              bmc.port(), bmc.ownAuthority(), bmc.user(), bmc.password(), bmc.recorder(), bmc);
        });
  }

  private void assertSameThroughTheGateway(String vendor, Starter starter) throws Exception {
    List<Answer> direct = direct(starter.start());
    List<Answer> through = throughTheGateway(vendor, starter.start());
    assertEquals(
        direct.stream().map(Answer::request).map(RedfishClientsIT::withoutIds).toList(),
        through.stream().map(Answer::request).map(RedfishClientsIT::withoutIds).toList());
    for (int i = 0; i < direct.size(); i++) {
      assertSame(direct.get(i), through.get(i));
    }
  }

  private static void assertSame(Answer expected, Answer actual) {
    assertEquals(expected.status(), actual.status(), expected.request());
    if (expected.request().contains("/Sessions")) {
      assertEquals(withoutIds(expected.text()), withoutIds(actual.text()), expected.request());
      assertEquals(expected.headers().keySet(), actual.headers().keySet(), expected.request());
    } else {
      assertEquals(expected.text(), actual.text(), expected.request());
      assertArrayEquals(expected.body(), actual.body(), expected.request());
      assertEquals(expected.headers(), actual.headers(), expected.request());
    }
  }

  private List<Answer> direct(Unit unit) throws Exception {
    try (AutoCloseable closing = unit.simulator()) {
      Service service = new Service(unit.ownAuthority(), "", unit.user(), unit.password());
      return walk(new RedfishClient(Files.createTempDirectory(folder, "direct"), service));
    }
  }

  private List<Answer> throughTheGateway(String vendor, Unit unit) throws Exception {
    try (AutoCloseable closing = unit.simulator();
        GatewayFixture gateway = GatewayFixture.start(unit.port())) {
      Service service =
          new Service(
              "localhost:" + gateway.port(),
              "pm-session=" + Tokens.mint(unit.port(), vendor),
              unit.user(),
              unit.password());
      List<Answer> answers =
          walk(new RedfishClient(Files.createTempDirectory(folder, "gateway"), service));
      assertEquals(List.of(), unit.recorder().violations());
      return answers;
    }
  }

  private static List<Answer> walk(RedfishClient client) throws Exception {
    assertContains("\"@odata.type\"", client.redfishtool("root"));
    assertContains("\"Members@odata.count\": 1", client.redfishtool("Systems"));
    assertContains("rack 7", client.redfishtool("Systems", "-1", "setAssetTag", "rack 7"));
    String printed = client.sushy("rack 8");
    assertContains("asset tag rack 8", printed);
    List<Answer> answers = client.answers();
    assertTrue(answers.stream().anyMatch(answer -> answer.request().startsWith("PATCH ")));
    assertTrue(
        answers.stream()
            .anyMatch(answer -> answer.request().startsWith("POST ") && answer.status() == 201));
    return answers;
  }

  private static void assertContains(String expected, String printed) {
    assertTrue(printed.contains(expected), printed);
  }

  /** A session's number differs from login to login on some units. */
  private static String withoutIds(String text) {
    return text.replaceAll("(Sessions/)[^/\"]+", "$1ID").replaceAll("\"Id\":\"[^\"]*\"", "\"Id\"");
  }
}
