package io.github.bmcgateway.sim.idrac8;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bmcgateway.testing.ScopedGateway;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.ContentResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the named scopes open at the unit, through the gateway. */
class Idrac8ScopeTest {
  private static final Pattern TOKENS = Pattern.compile("ST1=([0-9a-f]{32}),ST2=([0-9a-f]{32})");
  private static final String[] UPLOADS = {
    "POST /sysmgmt/2012/server/firmware/queue?ST1=x",
    "GET /sysmgmt/2012/server/firmware/queue?splock=1",
    "POST /sysmgmt/2012/server/transient/filestore?fileupload=true",
    "POST /fileupload/x",
    "POST /vfkupload/vfkupload.vfk",
    "POST /lm/lmupload",
    "POST /redfish/v1/UpdateService/FirmwareInventory"
  };
  private static final String[] ADMINISTRATION = {
    "GET /userConfig.html",
    "POST /sysmgmt/2012/server/configgroup/iDRAC.Users",
    "PATCH /redfish/v1/Managers/iDRAC.Embedded.1/Accounts/2",
    "POST /redfish/v1/AccountService/Accounts",
    "POST /cgi-bin/exec",
    "POST /wsman"
  };
  private static final String[] POWER_AND_MEDIA = {
    "POST /redfish/v1/Systems/System.Embedded.1/Actions/ComputerSystem.Reset",
    "PATCH /redfish/v1/Systems/System.Embedded.1",
    "POST /redfish/v1/Managers/iDRAC.Embedded.1/VirtualMedia/CD/Actions/VirtualMedia.InsertMedia"
  };

  private Idrac8Simulator bmc;
  private ScopedGateway gateway;

  @BeforeEach
  void start() throws Exception {
    bmc = Idrac8Simulator.builder().start();
    gateway = new ScopedGateway("idrac8", bmc, bmc.consolePort());
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    bmc.close();
  }

  @Test
  void consoleShowsThePictureAndNotTheAdministrationsPages() throws Exception {
    gateway.with("console");
    assertEquals(302, gateway.status("GET /", Map.of()));
    for (String page :
        new String[] {
          "/start.html",
          "/login.html",
          "/js/prototype.js",
          "/session?aimGetIntProp=scl_int_enabled,pam_int_ldap_enable_mode"
        }) {
      assertEquals(200, gateway.status("GET " + page, Map.of()), page);
    }
    Map<String, String> user = logIn();
    for (String page :
        new String[] {
          "/index.html",
          "/sysSummaryData.html",
          "/LaunchConsole.jsesp",
          "/virtualconsolehtml5.html",
          "/js/ViewerJS/html5viewer.js",
          "/sysmgmt/2012/server/license",
          "/sysmgmt/2016/server/extended_health"
        }) {
      assertEquals(200, gateway.status("GET " + page, user), page);
    }
    assertEquals(200, gateway.status("POST /data?get=kvmEnabled,", user));
    showsPicture(user);
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, UPLOADS);
  }

  @Test
  void readSeesAndDoesNothing() throws Exception {
    gateway.with("read");
    Map<String, String> user = logIn();
    assertEquals(200, gateway.status("GET /sysmgmt/2012/server/license", user));
    Map<String, String> program = redfish();
    assertEquals(200, gateway.status("GET /redfish/v1/Systems/System.Embedded.1", program));
    gateway.assertRefused(
        user,
        "SOCKET /",
        "SOCKET /any",
        "POST /data?set=pwState:0",
        "GET /data?set=pwState:0",
        "GET /session?setTempCredential=1");
    gateway.assertRefused(user, POWER_AND_MEDIA);
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
    assertEquals(1, bmc.recorder().requests("/sysmgmt/2012/server/firmware/queue").size());
    gateway.assertRefused(user, ADMINISTRATION);
    gateway.assertRefused(user, POWER_AND_MEDIA);
    gateway.assertRefused(user, "POST /data?set=pwState:0", "SOCKET /");
  }

  private void showsPicture(Map<String, String> user) throws Exception {
    JsonNode session = json(user, "/session?getSsnVar=aimSession,username");
    int number = session.at("/getSsnVar/aimSession").asInt();
    JsonNode pair = json(user, "/session?setTempCredential=" + number).get("aimGetProp");
    TestViewer control = viewer(TestViewer.CONTROL);
    ConsoleMessage granted =
        control.logIn(pair.get("tempUser").asText(), pair.get("tempPass").asText());
    TestViewer video = viewer(TestViewer.VIDEO);
    video.openVideo(granted.u32(12));
    control.askForVideo();
    assertTrue(video.picture().hasRemaining());
    video.socket().close();
    control.socket().close();
  }

  private TestViewer viewer(int purpose) throws Exception {
    TestViewer viewer = new TestViewer(gateway.open("/", Map.of(), ConsolePort.SUBPROTOCOL));
    viewer.hello(purpose);
    viewer.inventory();
    return viewer;
  }

  private JsonNode json(Map<String, String> user, String target) throws Exception {
    return new ObjectMapper().readTree(gateway.request("GET", target, user).send().getContent());
  }

  private Map<String, String> logIn() throws Exception {
    ContentResponse answer =
        gateway.send(
            "POST /data/login",
            "application/x-www-form-urlencoded",
            "user=" + bmc.user() + "&password=" + bmc.password(),
            Map.of());
    Matcher tokens = TOKENS.matcher(answer.getContentAsString());
    assertTrue(tokens.find(), answer.getContentAsString());
    String cookie = answer.getHeaders().get("Set-Cookie").split(";")[0];
    return Map.of("Cookie", cookie + "; tokenvalue=" + tokens.group(1), "ST2", tokens.group(2));
  }

  private Map<String, String> redfish() throws Exception {
    ContentResponse answer =
        gateway.send(
            "POST /redfish/v1/Sessions",
            "application/json",
            "{\"UserName\":\"%s\",\"Password\":\"%s\"}".formatted(bmc.user(), bmc.password()),
            Map.of());
    assertEquals(201, answer.getStatus());
    return Map.of("X-Auth-Token", answer.getHeaders().get("X-Auth-Token"));
  }
}
