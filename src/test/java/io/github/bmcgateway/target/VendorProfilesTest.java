package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.rewrite.Transformers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VendorProfilesTest {
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
  @ValueSource(strings = {"generic", "idrac9"})
  void everyTransformerThatAProfileNamesExists(String vendor) {
    for (var transform : profiles.find(Optional.of(vendor)).orElseThrow().transforms()) {
      transform
          .transformer()
          .ifPresent(name -> assertTrue(Transformers.names().contains(name), name));
    }
  }

  @Test
  void theCookiesOfAllVendorsAreKnownForTheSwitch() {
    assertTrue(profiles.cookies().contains("-http-session-"));
  }
}
