package io.github.bmcgateway.sim.asrockrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.testing.ScopedGateway;
import java.util.Map;
import org.eclipse.jetty.client.ContentResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the named scopes open at the board, through the gateway. */
class AsrockrackScopeTest {
  private static final String[] UPLOADS = {
    "PUT /api/maintenance/flash",
    "POST /api/maintenance/firmware",
    "POST /api/maintenance/firmware/firmware",
    "PUT /api/maintenance/firmware/upgrade",
    "POST /api/asrr/maintenance/BIOS/firmware",
    "POST /redfish/v1/UpdateService/upload"
  };
  private static final String[] ADMINISTRATION = {
    "PUT /api/settings/users/3",
    "POST /api/settings/users",
    "PATCH /redfish/v1/AccountService/Accounts/1",
    "DELETE /api/settings/service-sessions/1"
  };
  private static final String[] POWER_AND_MEDIA = {
    "POST /api/actions/power",
    "POST /redfish/v1/Systems/Self/Actions/ComputerSystem.Reset",
    "GET /api/maintenance/reset",
    "POST /api/settings/media/remote/start-media",
    "POST /redfish/v1/Managers/Self/VirtualMedia/CD1/Actions/VirtualMedia.InsertMedia",
    "SOCKET /cd-server",
    "SOCKET /hdd-server",
    "SOCKET /fd-server"
  };
  private static final String[] CONSOLE = {
    "SOCKET /kvm", "SOCKET /sol?CSRFTOKEN=x", "SOCKET /h5sol", "GET /api/kvm/token"
  };

  private AsrockrackSimulator bmc;
  private ScopedGateway gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = AsrockrackSimulator.builder().start();
    gateway = new ScopedGateway("asrockrack", bmc, bmc.port());
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @Test
  void consoleShowsThePictureAndNotTheAdministration() throws Exception {
    gateway.with("console");
    for (String page : new String[] {"/", "/source.min.js", "/app/main.js"}) {
      assertEquals(200, gateway.status("GET " + page, Map.of()), page);
    }
    Map<String, String> user = logIn();
    for (String page :
        new String[] {
          "/templates/remote_control.html",
          "/viewer.html",
          "/viewer.min.js",
          "/libs/kvm/ast/decode_worker.js",
          "/api/settings/media/adviser"
        }) {
      assertEquals(200, gateway.status("GET " + page, user), page);
    }
    showsPicture(user);
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, "GET /api/settings/users");
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, UPLOADS);
    assertEquals(200, gateway.status("DELETE /api/session", user));
  }

  @Test
  void readSeesAndDoesNothing() throws Exception {
    gateway.with("read");
    Map<String, String> user = logIn();
    assertEquals(200, gateway.status("GET /templates/dashboard.html", user));
    assertEquals(200, gateway.status("GET /api/sensors", user));
    assertEquals(200, gateway.status("GET /api/fru", user));
    gateway.assertRefused(user, CONSOLE);
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, UPLOADS);
  }

  @Test
  void mediaIsNoConsole() throws Exception {
    gateway.with("console");
    Map<String, String> user = logIn();
    gateway.with("media");
    gateway.open("/cd-server", user, "binary").close();
    gateway.assertRefused(user, CONSOLE);
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, UPLOADS);
  }

  @Test
  void onlyFirmwareOpensTheUploads() throws Exception {
    gateway.with("console", "read", "media");
    Map<String, String> user = logIn();
    gateway.assertRefused(user, UPLOADS);
    gateway.with("firmware");
    assertEquals(200, gateway.status(UPLOADS[0], user));
    assertNotEquals(403, gateway.status(UPLOADS[1], user));
    assertEquals(1, bmc.recorder().requests("/api/maintenance/firmware").size());
    gateway.assertRefused(user, CONSOLE);
    gateway.assertRefused(user, ADMINISTRATION);
  }

  private void showsPicture(Map<String, String> user) throws Exception {
    ContentResponse answer = gateway.request("GET", "/api/settings/media/h5viewercfg", user).send();
    JsonNode settings = new ObjectMapper().readTree(answer.getContent());
    BmcClient.Socket socket = gateway.open("/kvm", user, "binary", "base64");
    socket.send(Ivtp.Packet.of(Ivtp.CONNECTION_COMPLETE, 1).bytes());
    socket.send(SimulatorFixture.validation(settings, bmc.user(), /* withServer= */ true));
    socket.send(Ivtp.Packet.of(Ivtp.RESUME_REDIRECTION, 0).bytes());
    socket.send(Ivtp.Packet.of(Ivtp.GET_FULL_SCREEN, 0).bytes());
    Ivtp.Stream packets = new Ivtp.Stream();
    boolean picture = false;
    while (!picture) {
      picture =
          packets.add(socket.receive()).orElseThrow().stream()
              .anyMatch(packet -> packet.command() == Ivtp.VIDEO_PACKETS);
    }
    assertTrue(picture);
    socket.close();
  }

  private Map<String, String> logIn() throws Exception {
    ContentResponse answer =
        gateway.send(
            "POST /api/session",
            "application/x-www-form-urlencoded",
            "username=" + bmc.user() + "&password=" + bmc.password() + "&certlogin=0",
            Map.of("X-CSRFTOKEN", "null"));
    assertEquals(200, answer.getStatus(), answer.getContentAsString());
    return Map.of(
        "Cookie",
        answer.getHeaders().get("Set-Cookie").split(";")[0],
        "X-CSRFTOKEN",
        new ObjectMapper().readTree(answer.getContent()).get("CSRFToken").asText());
  }
}
