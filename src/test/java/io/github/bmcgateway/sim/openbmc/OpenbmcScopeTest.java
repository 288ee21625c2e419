package io.github.bmcgateway.sim.openbmc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.testing.ScopedGateway;
import java.util.Arrays;
import java.util.Map;
import org.eclipse.jetty.client.ContentResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the named scopes of the example profile open at the unit, through the gateway. */
class OpenbmcScopeTest {
  private static final String[] UPLOADS = {
    "POST /redfish/v1/UpdateService/update",
    "POST /redfish/v1/UpdateService/update-multipart",
    "POST /redfish/v1/UpdateService"
  };
  private static final String[] CHANGES = {
    "POST /redfish/v1/AccountService/Accounts",
    "PATCH /redfish/v1/AccountService/Accounts/root",
    "POST /redfish/v1/Systems/system/Actions/ComputerSystem.Reset",
    "PATCH /redfish/v1/Systems/system",
    "POST /redfish/v1/Managers/bmc/VirtualMedia/Slot_0/Actions/VirtualMedia.InsertMedia",
    "SOCKET /vm/0/0",
    "SOCKET /nbd/0"
  };

  private OpenbmcSimulator bmc;
  private ScopedGateway gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = OpenbmcSimulator.builder().start();
    gateway = new ScopedGateway("openbmc", bmc, bmc.port());
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @Test
  void consoleShowsThePictureAndNotTheAdministration() throws Exception {
    gateway.with("console");
    assertEquals(200, gateway.status("GET /", Map.of()));
    assertEquals(200, gateway.status("GET /js/rfb.js", Map.of()));
    Map<String, String> user = logIn();
    assertEquals(200, gateway.status("GET /redfish/v1/Systems/system", user));
    BmcClient.Socket socket = gateway.open("/kvm/0", user, user.get("X-XSRF-TOKEN"));
    assertEquals("800x600", new TestViewer(socket).greet());
    socket.send(TestViewer.updateRequest());
    assertArrayEquals(new byte[] {0, 0, 0, 1}, Arrays.copyOf(socket.receive(), 4));
    socket.close();
    gateway.assertRefused(user, "GET /redfish/v1/AccountService/Accounts");
    gateway.assertRefused(user, CHANGES);
    gateway.assertRefused(user, UPLOADS);
  }

  @Test
  void readSeesAndDoesNothing() throws Exception {
    gateway.with("read");
    Map<String, String> user = logIn();
    assertEquals(200, gateway.status("GET /redfish/v1/Systems/system", user));
    gateway.assertRefused(user, "SOCKET /kvm/0", "SOCKET /console0");
    gateway.assertRefused(user, CHANGES);
    gateway.assertRefused(user, UPLOADS);
  }

  @Test
  void onlyFirmwareOpensTheUpload() throws Exception {
    gateway.with("console", "read", "media");
    Map<String, String> user = logIn();
    gateway.assertRefused(user, UPLOADS);
    gateway.with("firmware");
    assertNotEquals(403, gateway.status(UPLOADS[0], user));
    assertEquals(1, bmc.recorder().requests("/redfish/v1/UpdateService/update").size());
    gateway.assertRefused(user, CHANGES);
    gateway.assertRefused(user, "SOCKET /kvm/0");
  }

  private Map<String, String> logIn() throws Exception {
    ContentResponse answer =
        gateway.send(
            "POST /login",
            "application/json",
            "{\"data\":[\"%s\",\"%s\"]}".formatted(bmc.user(), bmc.password()),
            Map.of());
    assertEquals(200, answer.getStatus());
    StringBuilder cookies = new StringBuilder();
    answer
        .getHeaders()
        .getValuesList("Set-Cookie")
        .forEach(line -> cookies.append(line.split(";")[0]).append("; "));
    String token = cookies.toString().replaceFirst("(?s).*XSRF-TOKEN=([^;]+).*", "$1");
    return Map.of("Cookie", cookies.substring(0, cookies.length() - 2), "X-XSRF-TOKEN", token);
  }
}
