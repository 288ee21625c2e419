package io.github.bmcgateway.dev;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.bmcgateway.sim.SimulatedBmc;
import io.github.bmcgateway.sim.asrockrack.AsrockrackSimulator;
import io.github.bmcgateway.sim.idrac8.Idrac8Simulator;
import io.github.bmcgateway.sim.idrac9.Idrac9Simulator;
import io.github.bmcgateway.sim.ilo5.Ilo5Simulator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
  private final List<Unit> units = new ArrayList<>();

  /**
   * A simulated BMC that runs; {@code consolePort} is 0 where the console has no port of its own.
   */
  private record Unit(String title, String vendor, SimulatedBmc bmc, int consolePort) {}

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
    startUnits();
    writeSettings();
    System.setProperty(SETTINGS_FOLDER, folder.toString());
  }

  private void startUnits() throws Exception {
    Idrac8Simulator idrac8 = Idrac8Simulator.builder().tag("DEMO8").start();
    units.add(new Unit("Dell iDRAC8", "idrac8", idrac8, idrac8.consolePort()));
    units.add(new Unit("Dell iDRAC9", "idrac9", Idrac9Simulator.builder().tag("DEMO9").start(), 0));
    units.add(new Unit("HPE iLO 5", "ilo5", Ilo5Simulator.builder().tag("DEMOILO").start(), 0));
    units.add(
        new Unit(
            "ASRock Rack", "asrockrack", AsrockrackSimulator.builder().tag("DEMOAMI").start(), 0));
  }

  @Override
  protected void doStop() throws Exception {
    System.clearProperty(SETTINGS_FOLDER);
    for (Unit unit : units) {
      unit.bmc().close();
    }
    units.clear();
  }

  @Override
  public void lifeCycleStarted(LifeCycle server) {
    String origin = "https://localhost:" + httpsPort;
    out.println();
    out.println("  The gateway runs on " + origin + "/ with simulated BMCs behind it.");
    out.println("  Its certificate was made a moment ago, so the browser asks before it goes on.");
    out.println();
    for (Unit unit : units) {
      out.printf(
          "  %-12s log in as %s, password %s%n",
          unit.title(), unit.bmc().user(), unit.bmc().password());
      out.printf("  %s/gpsession?token=%s%n%n", origin, token(unit));
    }
    out.println("  One browser shows one BMC at a time: the next link takes the last one's place.");
    out.println();
    out.flush();
  }

  private void writeSettings() throws IOException {
    String ports =
        units.stream()
            .flatMapToInt(unit -> IntStream.of(unit.bmc().port(), unit.consolePort()))
            .filter(port -> port != 0)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        token:
          key: %s
        bmc:
          networks: 127.0.0.0/8
          ports: [%s]
        """
            .formatted(key, ports));
  }

  private String token(Unit unit) {
    Instant now = Instant.now();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .claim("ip", "127.0.0.1")
            .claim("port", unit.bmc().port())
            .claim("vendor", unit.vendor())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LINK_LIFETIME)));
    if (unit.consolePort() != 0) {
      claims.claim("console_port", unit.consolePort());
    }
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
    try {
      token.sign(new MACSigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }
}
