package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.bmcgateway.config.BmcOverride;
import io.github.bmcgateway.config.BmcTrust;
import io.github.bmcgateway.config.Cidr;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Networks;
import io.github.bmcgateway.config.Overrides;
import io.github.bmcgateway.rewrite.Transformers;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VendorProfilesTest {
  @TempDir Path folder;

  private final VendorProfiles profiles = VendorProfiles.builtIn();

  @Test
  void aTokenWithoutVendorIsGeneric() {
    VendorProfile generic = profiles.find(Optional.empty()).orElseThrow();

    assertEquals("generic", generic.name());
    assertEquals(List.of(), generic.transforms());
    assertTrue(generic.mapsPmToken());
  }

  @Test
  void anUnknownVendorIsNone() {
    assertEquals(Optional.empty(), profiles.find(Optional.of("idrac")));
  }

  @ParameterizedTest
  @CsvSource({
    "/sysmgmt/2015/server/vconsole, true",
    "/sysmgmt/2018/server/vmedia, true",
    "/sysmgmt/2015/server/vconsole/x, false",
    "/restgui/sysmgmt/2015/server/vconsole, false",
    "/redfish/v1, false"
  })
  void anIdrac9sTicketsAreRewrittenAndNothingElse(String path, boolean rewritten) {
    VendorProfile idrac9 = profiles.find(Optional.of("idrac9")).orElseThrow();

    assertEquals(rewritten, idrac9.transformOf(path).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"generic", "asrockrack", "idrac8", "idrac9", "ilo5"})
  void everyTransformerThatAProfileNamesExists(String vendor) {
    for (var transform : profiles.find(Optional.of(vendor)).orElseThrow().transforms()) {
      transform
          .transformer()
          .ifPresent(name -> assertTrue(Transformers.names().contains(name), name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"generic", "asrockrack", "idrac8", "idrac9", "ilo5"})
  void everyRuleSaysWhereItComesFrom(String vendor) throws Exception {
    try (InputStream yaml = getClass().getResourceAsStream("/vendors/" + vendor + ".yaml")) {
      Set<String> parts = new TreeSet<>();
      new YAMLMapper().readTree(yaml).fieldNames().forEachRemaining(parts::add);
      parts.removeAll(Set.of("title", "verified", "facts"));
      Set<String> facts =
          new TreeSet<>(profiles.find(Optional.of(vendor)).orElseThrow().facts().keySet());
      assertEquals(parts, facts);
    }
  }

  @Test
  void theCookiesOfAllVendorsAreKnownForTheSwitch() {
    assertTrue(profiles.cookies().contains("-http-session-"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "titel: Acme|titel: no such key here",
        "title: Acme\\ndetect: [{path: /, bodi: x}]|detect[0].bodi: no such key here",
        "title: Acme\\ndetect: [{path: /, body: '('}]|detect[0].body: ",
        "title: Acme\\ndetect: [{path: /, status: 200}]|a status alone tells nothing",
        "title: [|, line ",
        "consolePort: 5900|title: required",
      })
  void aProfileThatCannotBeUsedIsRefusedInOneLine(String yaml, String why) throws Exception {
    Path file = Files.writeString(folder.resolve("acme.yaml"), yaml.replace("\\n", "\n") + "\n");
    String message = refusal(Overrides.NONE);
    assertTrue(message.startsWith(file + ""), message);
    assertTrue(message.contains(why), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void anOverrideForAnUnknownVendorIsRefused() {
    BmcOverride override =
        new BmcOverride(
            Cidr.parse("10.0.0.5").orElseThrow(),
            Optional.of("acme"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    String message = refusal(new Overrides(List.of(override)));
    assertTrue(message.startsWith("bmc.overrides: vendor \"acme\" (10.0.0.5/32)"), message);
  }

  @Test
  void aProfileOfTheFolderTakesThePlaceOfTheBuiltInOne() throws Exception {
    Files.writeString(folder.resolve("ilo5.yaml"), "title: Our iLO");
    VendorProfiles merged = VendorProfiles.of(config(Overrides.NONE));
    assertEquals("Our iLO", merged.find(Optional.of("ilo5")).orElseThrow().title());
    assertTrue(merged.find(Optional.of("idrac8")).isPresent());
  }

  private String refusal(Overrides overrides) {
    return assertThrows(InvalidProfileException.class, () -> VendorProfiles.of(config(overrides)))
        .getMessage();
  }

  private GatewayConfig.Bmc config(Overrides overrides) {
    return new GatewayConfig.Bmc(
        new Networks(List.of()), Set.of(), overrides, Optional.of(folder), BmcTrust.NONE);
  }
}
