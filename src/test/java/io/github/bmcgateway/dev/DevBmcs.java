package io.github.bmcgateway.dev;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * One simulated BMC of every vendor, settings that let the gateway reach them, and a session link
 * for each, which is printed when the server is up.
 */
final class DevBmcs extends AbstractLifeCycle implements LifeCycle.Listener {

  private static final Duration LINK_LIFETIME = Duration.ofHours(8);
  private static final String SETTINGS_FOLDER = "BMC_GATEWAY_CONFIG";

  private final Path folder;
  private final int httpsPort;
  private final PrintStream out;
  private final String key;
  private Idrac9Simulator idrac9;

  /**
   * Prepares BMCs that are not yet started.
   *
   * @param folder where the settings are written
   * @param httpsPort port of the gateway on localhost, for the links
   * @param out where the links are printed
   */
  DevBmcs(Path folder, int httpsPort, PrintStream out) {
    this.folder = folder;
    this.httpsPort = httpsPort;
    this.out = out;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = HexFormat.of().formatHex(random);
  }

  @Override
  protected void doStart() throws Exception {
    idrac9 = Idrac9Simulator.builder().tag("DEMO123").start();
    writeSettings();
    System.setProperty(SETTINGS_FOLDER, folder.toString());
  }

  @Override
  protected void doStop() {
    System.clearProperty(SETTINGS_FOLDER);
    idrac9.close();
  }

  @Override
  public void lifeCycleStarted(LifeCycle server) {
    String origin = "https://localhost:" + httpsPort;
    out.println();
    out.println("  The gateway runs on " + origin + "/ with simulated BMCs behind it.");
    out.println("  Its certificate was made a moment ago, so the browser asks before it goes on.");
    out.println();
    out.printf("  Dell iDRAC9    log in as %s, password %s%n", idrac9.user(), idrac9.password());
    out.printf("  %s/gpsession?token=%s%n", origin, token("idrac9", idrac9.port()));
    out.println();
    out.flush();
  }

  private void writeSettings() throws IOException {
    Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        token:
          key: %s
        bmc:
          networks: 127.0.0.0/8
          ports: %d
        """
            .formatted(key, idrac9.port()));
  }

  private String token(String vendor, int port) {
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .claim("ip", "127.0.0.1")
            .claim("port", port)
            .claim("vendor", vendor)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LINK_LIFETIME)))
            .build();
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    try {
      token.sign(new MACSigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }
}
