package io.github.bmcgateway.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bmcgateway.sim.BmcClient;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profiles in the configuration folder, as the gateway takes them at its start. */
class VendorFolderTest {
  private static final int PORT = 443;

  @TempDir private Path folder;

  @Test
  void aTokenMayNameAVendorOfTheFolder() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.builder(PORT).profile(profile("title: Acme BMC")).start()) {
      assertEquals(302, follow(gateway, "acme"));
      assertEquals(401, follow(gateway, "unheard-of"));
    }
  }

  @Test
  void aProfileThatCannotBeUsedStopsTheStart() throws Exception {
    GatewayFixture.Builder builder = GatewayFixture.builder(PORT).profile(profile("titel: Acme"));

    assertThrows(Exception.class, builder::start);
  }

  private Path profile(String yaml) throws Exception {
    return Files.writeString(folder.resolve("acme.yaml"), yaml);
  }

  private static int follow(GatewayFixture gateway, String vendor) throws Exception {
    try (BmcClient client = new BmcClient("localhost:" + gateway.port())) {
      return client
          .request("GET", "/gpsession?token=" + Tokens.mint(PORT, vendor))
          .send()
          .getStatus();
    }
  }
}
