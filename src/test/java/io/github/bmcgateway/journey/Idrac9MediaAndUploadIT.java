package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.sim.RecordedRequest;
import io.github.bmcgateway.sim.TestCertificates;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.testing.GatewayFixture;
import io.github.bmcgateway.testing.Proves;
import io.github.bmcgateway.testing.Tokens;
import io.github.bmcgateway.testing.VendorMatrix.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an iDRAC9's user does beside looking: firmware, an image for the server, logging out. */
class Idrac9MediaAndUploadIT {

  /** A whole number of the image's blocks, for the unit reads blocks. */
  private static final int IMAGE_BYTES = 512 * 2048;

  private static final int FIRMWARE_BYTES = 50_000_000;
  private static final String UPLOAD = "/redfish/v1/UpdateService/MultipartUpload";

  @TempDir private Path folder;

  @Test
  @Proves(
      vendors = "idrac9",
      parts = {Part.MEDIA, Part.UPLOAD, Part.LOGOUT})
  void firmwareAndAnImageArriveWholeAndLoggingOutEndsTheUnitsSession() throws Exception {
    KeyStore keys = TestCertificates.localhost();
    try (Idrac9Simulator bmc = Idrac9Simulator.builder().mediaReadBytes(IMAGE_BYTES).start();
        GatewayFixture gateway = GatewayFixture.builder(bmc.port()).keys(keys).start();
        Browser browser = Browser.start(keys)) {
      Idrac9Pages pages = new Idrac9Pages(browser, bmc);
      browser.open(gateway.link(Tokens.mint(bmc.port(), "idrac9")));
      pages.logIn(bmc.password());
      pages.awaitDashboard();
      String main = browser.window();

      String sent = upload(browser);
      RecordedRequest firmware =
          bmc.recorder().awaitRequest(r -> r.path().equals(UPLOAD) && r.isCompleted());
      assertEquals(FIRMWARE_BYTES, firmware.bodyBytes());
      assertEquals(sent, firmware.bodySha256());

      Path image = image();
      browser.inNewWindow(() -> browser.click("#media"));
      browser.waitUntil("document.getElementById('state').textContent === 'connected'");
      browser.choose("#image", image);
      String read = "read " + IMAGE_BYTES + " " + sha256(Files.readAllBytes(image));
      bmc.recorder().awaitSocket(socket -> socket.events().contains(read));
      browser.screenshot("idrac9-media");
      browser.closeWindow(main);
      bmc.recorder().awaitSocket(socket -> socket.events().contains("goodbye"));

      browser.click("#logout");
      browser.find("#login");
      assertEquals(0, bmc.sessionsInUse());
      assertEquals(List.of(), bmc.recorder().violations());
    }
  }

  /**
   * Sends firmware by script, with the token that the page holds: the simulated pages have no form
   * for it. Gives its SHA-256 as the browser has it.
   */
  private static String upload(Browser browser) {
    return (String)
        browser.await(
            """
            (async () => {
              const bytes = new Uint8Array(%d).map((value, i) => (i * 31) ^ (i >> 9));
              const headers = { 'X-AUTH-TOKEN': token, 'Content-Type': 'multipart/form-data; boundary=x' };
              const answer = await fetch('%s', { method: 'POST', headers, body: bytes });
              if (answer.status !== 202) {
                throw new Error('status ' + answer.status);
              }
              const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
              return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
            })()"""
                .formatted(FIRMWARE_BYTES, UPLOAD));
  }

  private Path image() throws Exception {
    byte[] content = new byte[IMAGE_BYTES];
    new Random(IMAGE_BYTES).nextBytes(content);
    return Files.write(folder.resolve("image.iso"), content);
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
