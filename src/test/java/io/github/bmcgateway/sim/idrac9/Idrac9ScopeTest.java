package io.github.bmcgateway.sim.idrac9;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.testing.ScopedGateway;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.ContentResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the named scopes open at the unit, through the gateway. */
class Idrac9ScopeTest {
  private static final String[] UPLOADS = {
    "POST /redfish/v1/UpdateService/MultipartUpload",
    "POST /redfish/v1/UpdateService/FirmwareInventory",
    "POST /redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate",
    "POST /sysmgmt/2012/server/transient/filestore"
  };
  private static final String[] ADMINISTRATION = {
    "GET /sysmgmt/2012/server/configgroup/iDRAC.Users",
    "PUT /sysmgmt/2012/server/configgroup/iDRAC.Users",
    "GET /redfish/v1/AccountService/Accounts",
    "PATCH /redfish/v1/Managers/iDRAC.Embedded.1/Accounts/2",
    "POST /redfish/v1/AccountService/Accounts",
    "POST /cgi-bin/exec",
    "POST /wsman"
  };
  private static final String[] POWER_AND_MEDIA = {
    "POST /redfish/v1/Systems/System.Embedded.1/Actions/ComputerSystem.Reset",
    "PATCH /redfish/v1/Systems/System.Embedded.1",
    "POST /redfish/v1/Managers/iDRAC.Embedded.1/VirtualMedia/CD/Actions/VirtualMedia.InsertMedia",
    "SOCKET /vnc/vmedia?vmk=1",
    "SOCKET /vmc/vmedia?vmk=1"
  };
  private static final String[] CONSOLE = {
    "SOCKET /vnc/vconsole?vck=1", "SOCKET /vmc/vconsole?vck=1", "SOCKET /", "SOCKET /vkvm/"
  };

  private Idrac9Simulator bmc;
  private ScopedGateway gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = Idrac9Simulator.builder().start();
    gateway = new ScopedGateway("idrac9", bmc, bmc.port());
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @Test
  void consoleShowsThePictureAndNotTheAdministration() throws Exception {
    gateway.with("console");
    Map<String, String> user = logIn();
    assertEquals(302, gateway.status("GET /", Map.of()));
    assertEquals(200, gateway.status("GET /restgui/start.html", user));
    assertEquals(200, gateway.status("GET /restgui/index.html", user));
    assertEquals(200, gateway.status("GET /restgui/vconsole/console.js", user));
    assertEquals(200, gateway.status("GET /index.html", user));
    String ticket =
        gateway.request("GET", "/sysmgmt/2015/server/vconsole", user).send().getContentAsString();
    BmcClient.Socket socket =
        gateway.open("/vnc/vconsole?vck=" + parameter(ticket, "VCSID"), user, "binary");
    TestViewer viewer = new TestViewer(socket, parameter(ticket, "VCSID2"));
    viewer.handshake();
    viewer.request(false);
    assertTrue(viewer.update().length > 0);
    socket.close();
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, "GET /sysmgmt/2018/server/vmedia");
    gateway.assertRefused(user, UPLOADS);
    assertEquals(200, gateway.status("DELETE /sysmgmt/2015/bmc/session", user));
  }

  @Test
  void readSeesAndDoesNothing() throws Exception {
    gateway.with("read");
    Map<String, String> user = logIn();
    assertEquals(200, gateway.status("GET /restgui/index.html", user));
    assertEquals(200, gateway.status("GET /redfish/v1/Systems/System.Embedded.1", user));
    gateway.assertRefused(user, CONSOLE);
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, UPLOADS);
    gateway.assertRefused(user, "PUT /sysmgmt/2012/server/configgroup/iDRAC.Users");
  }

  @Test
  void mediaIsNoConsole() throws Exception {
    gateway.with("media");
    Map<String, String> user = logIn();
    String ticket =
        gateway.request("GET", "/sysmgmt/2018/server/vmedia", user).send().getContentAsString();
    gateway.open("/vnc/vmedia?vmk=" + parameter(ticket, "VCSID"), user, "binary").close();
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
    assertEquals(202, gateway.status(UPLOADS[0], user));
    assertEquals(200, gateway.status(UPLOADS[3], user));
    gateway.assertRefused(user, CONSOLE);
    gateway.assertRefused(user, ADMINISTRATION);
  }

  private Map<String, String> logIn() throws Exception {
    ContentResponse answer =
        gateway
            .request(
                "POST",
                "/sysmgmt/2015/bmc/session",
                Map.of("user", quoted(bmc.user()), "password", quoted(bmc.password())))
            .send();
    assertEquals(201, answer.getStatus());
    String token = answer.getHeaders().get("XSRF-TOKEN");
    return Map.of(
        "Cookie",
        answer.getHeaders().get("Set-Cookie").split(";")[0],
        "XSRF-TOKEN",
        token,
        "X-Auth-Token",
        token);
  }

  private static String quoted(String value) {
    return '"' + value + '"';
  }

  private static String parameter(String ticket, String name) {
    Matcher value = Pattern.compile("[?&]" + name + "=([0-9]+)").matcher(ticket);
    assertTrue(value.find(), ticket);
    return value.group(1);
  }
}
