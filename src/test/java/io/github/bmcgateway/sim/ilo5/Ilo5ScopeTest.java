package io.github.bmcgateway.sim.ilo5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.ScopedGateway;
import java.util.Map;
import org.eclipse.jetty.client.ContentResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the named scopes open at the unit, through the gateway. */
class Ilo5ScopeTest {
  private static final String JSON = "application/json";
  private static final String[] UPLOADS = {
    "POST /cgi-bin/uploadFile",
    "POST /cgi-bin/uploadRestoreFile",
    "POST /cgi-bin/uploadRibclFiles",
    "POST /redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate/"
  };
  private static final String[] ADMINISTRATION = {
    "GET /redfish/v1/AccountService/",
    "GET /redfish/v1/AccountService/Accounts/",
    "POST /redfish/v1/AccountService/Accounts/",
    "GET /json/user_info",
    "POST /json/user_info",
    "POST /ribcl"
  };
  private static final String[] POWER_AND_MEDIA = {
    "POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset/",
    "POST /json/host_power",
    "POST /json/vm_status",
    "PATCH /redfish/v1/Systems/1/",
    "PATCH /redfish/v1/Managers/1/VirtualMedia/2/",
    "POST /redfish/v1/Managers/1/VirtualMedia/2/Actions/VirtualMedia.InsertMedia/",
    "SOCKET /wss/vmport"
  };

  private Ilo5Simulator bmc;
  private ScopedGateway gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = Ilo5Simulator.builder().start();
    gateway = new ScopedGateway("ilo5", bmc, bmc.port());
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @Test
  void consoleShowsThePictureAndNotTheAdministration() throws Exception {
    gateway.with("console");
    for (String page : new String[] {"/", "/html/login.html", "/json/login_session"}) {
      assertEquals(200, gateway.status("GET " + page, Map.of()), page);
    }
    Map<String, String> user = logIn();
    for (String page :
        new String[] {"/html/rc_info.html", "/irc.html", "/js/irc.js", "/json/rc_info"}) {
      assertEquals(200, gateway.status("GET " + page, user), page);
    }
    TestViewer viewer = new TestViewer(gateway.open("/wss/ircport", user));
    assertEquals(0x52, viewer.greet(user.get("X-Auth-Token")));
    assertTrue(viewer.picture().remaining() > 0);
    viewer.socket().close();
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, UPLOADS);
  }

  @Test
  void readSeesAndDoesNothing() throws Exception {
    gateway.with("read");
    Map<String, String> user = logIn();
    assertEquals(200, gateway.status("GET /html/summary.html", user));
    assertEquals(200, gateway.status("GET /redfish/v1/Systems/1/", user));
    assertEquals(200, gateway.status("GET /json/overview", user));
    gateway.assertRefused(user, "SOCKET /wss/ircport", "SOCKET /wss/other");
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, UPLOADS);
    gateway.assertRefused(
        user, "POST /redfish/v1/AccountService/Accounts/", "POST /json/user_info");
  }

  @Test
  void mediaOpensEverySocketButNeitherAdministrationNorUploads() throws Exception {
    gateway.with("media");
    Map<String, String> user = logIn();
    gateway.open("/wss/vmport", user).close();
    gateway.open("/wss/ircport", user).close();
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, UPLOADS);
  }

  @Test
  void onlyFirmwareOpensTheUpload() throws Exception {
    gateway.with("console", "read", "media");
    Map<String, String> user = logIn();
    gateway.assertRefused(user, UPLOADS);
    gateway.with("firmware");
    assertNotEquals(403, gateway.status(UPLOADS[0], user));
    assertEquals(1, bmc.recorder().requests("/cgi-bin/uploadFile").size());
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, UPLOADS[1], UPLOADS[2], "SOCKET /wss/ircport");
  }

  private Map<String, String> logIn() throws Exception {
    ContentResponse answer =
        gateway.send(
            "POST /redfish/v1/Sessions/",
            JSON,
            "{\"UserName\":\"%s\",\"Password\":\"%s\"}".formatted(bmc.user(), bmc.password()),
            Map.of());
    assertEquals(201, answer.getStatus());
    String key = answer.getHeaders().get("X-Auth-Token");
    return Map.of("X-Auth-Token", key, "Cookie", "sessionKey=" + key);
  }
}
