package io.github.bmcgateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the settings say which BMC is the right one. */
final class TrustSettingsTest {
  private static final String PLAIN = "ab".repeat(32);
  private static final String COLONS = "AB:".repeat(31) + "AB";
  private static final Fingerprint AB = new Fingerprint(PLAIN);
  private static final Fingerprint CD = new Fingerprint("cd".repeat(32));

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>(Map.of("JWT_KEY", TestKeys.FIRST));

  @Test
  void nothingIsCheckedUnlessItIsSet() throws Exception {
    assertEquals(BmcTrust.NONE, load().trust());
  }

  @Test
  void aFingerprintIsReadAsPeopleCopyIt() {
    assertEquals(Optional.of(AB), Fingerprint.parse(PLAIN));
    assertEquals(Optional.of(AB), Fingerprint.parse(COLONS));
    assertEquals(COLONS, AB.toString());
    assertEquals(Optional.empty(), Fingerprint.parse(PLAIN + "a"));
    assertEquals(Optional.empty(), Fingerprint.parse("ab:" + PLAIN.substring(2)));
  }

  @Test
  void pinsAreForAnAddressOrOneOfItsPorts() throws Exception {
    write(
        """
        bmc:
          tls: pinned
          pins:
            - {address: 10.0.0.5, sha256: "%s"}
            - {address: 10.0.0.5, port: 5900, sha256: "%s, %s"}
            - {address: 10.0.0.5, sha256: "%s"}
        """
            .formatted(PLAIN, COLONS, "ee".repeat(32), CD.hex()));
    BmcTrust trust = load().trust();
    assertEquals(Trust.PINNED, trust.usual());
    assertEquals(Set.of(AB, CD), trust.pins(at("10.0.0.5", 443)));
    assertEquals(Set.of(AB, new Fingerprint("ee".repeat(32))), trust.pins(at("10.0.0.5", 5900)));
    assertEquals(Set.of(), trust.pins(at("10.0.0.6", 443)));
    assertEquals(Optional.empty(), trust.pinStore());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pins: {10.0.0.5: abc}|not a list of entries",
        "pins: [{address: 10.0.0.5}]|needs an address and a sha256",
        "pins: [{address: 10.0.0.0/8, sha256: PLAIN}]|\"10.0.0.0/8\" is not an address",
        "pins: [{address: bmc.lan, sha256: PLAIN}]|\"bmc.lan\" is not an address",
        "pins: [{address: 10.0.0.5, sha256: abc}]|sha256: not 64 hexadecimal digits",
        "pins: [{address: 10.0.0.5, sha256: 'PLAIN,'}]|sha256: not 64 hexadecimal digits",
        "pins: [{address: 10.0.0.5, sha256: PLAIN, port: 0}]|less than 1",
        "pins: [{address: 10.0.0.5, sha256: PLAIN, host: a}]|\"host\" is unknown",
        "tls: TOFU|none of any, tofu, pinned",
        "overrides: [{address: 10.0.0.5, tls: any}]|tls: none of modern, legacy",
        "overrides: [{address: 10.0.0.5, trust: legacy}]|trust: none of any, tofu, pinned",
        "pinStore: pins|not the absolute path of a file",
        "pinStore: /no/such/folder/pins|there is no folder of that name",
      })
  void whatIsWrongIsSaid(String line, String why) throws Exception {
    write("bmc: {" + line.replace("PLAIN", PLAIN) + "}");
    List<String> problems = assertThrows(ConfigException.class, this::load).problems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).contains(why), problems.get(0));
  }

  @Test
  void theMostSpecificOverrideSaysHowABmcIsSpokenWith() throws Exception {
    write(
        "bmc: {overrides: [{address: 10.0.0.0/8, tls: legacy, trust: tofu}, {address: 10.0.0.5, tls: modern, trust: any}]}");
    Overrides overrides = load().overrides();
    assertEquals(Optional.of(TlsProfile.LEGACY), overrides.tls(InetAddress.getByName("10.0.0.6")));
    assertEquals(Optional.of(TlsProfile.MODERN), overrides.tls(InetAddress.getByName("10.0.0.5")));
    assertEquals(Optional.of(Trust.TOFU), overrides.trust(InetAddress.getByName("10.0.0.6")));
    assertEquals(Optional.of(Trust.ANY), overrides.trust(InetAddress.getByName("10.0.0.5")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"bmc: {tls: tofu}", "bmc: {overrides: [{address: 10.0.0.5, trust: tofu}]}"})
  void whatIsRememberedAtFirstUseLiesInTheConfigurationFolder(String yaml) throws Exception {
    write(yaml);
    Path store = folder.resolve("bmc-pins.txt");
    assertEquals(Optional.of(store), load().trust().pinStore());
    Files.writeString(store, "rubbish\n");
    String refused = assertThrows(ConfigException.class, this::load).getMessage();
    assertTrue(refused.contains("bmc.pinStore"), refused);
    assertTrue(refused.contains("line 1 isn't understood"), refused);
  }

  @Test
  void withoutAPlaceToRememberNothingStarts() throws Exception {
    environment.put("BMC_TLS", "tofu");
    String refused = assertThrows(ConfigException.class, this::load).getMessage();
    assertTrue(refused.startsWith("bmc.pinStore: tofu needs it"), refused);
    assertTrue(refused.contains("Accepted: `config`"), refused);
  }

  private void write(String yaml) throws Exception {
    Files.writeString(folder.resolve("gateway.yaml"), yaml);
    environment.put("BMC_GATEWAY_CONFIG", folder.toString());
  }

  private GatewayConfig.Bmc load() throws ConfigException {
    return new ConfigLoader(name -> Optional.ofNullable(environment.get(name))).load().bmc();
  }

  private static Endpoint at(String ip, int port) throws Exception {
    return new Endpoint(InetAddress.getByName(ip), port);
  }
}
