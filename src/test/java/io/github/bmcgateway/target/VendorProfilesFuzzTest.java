package io.github.bmcgateway.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.bmcgateway.testing.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Vendor profiles of any content: a profile that can be used, or one line that says why not. */
@Fuzz
class VendorProfilesFuzzTest {
  @TempDir private Path folder;

  @FuzzTest(maxDuration = "1m")
  void aProfileIsUsableOrRefusedInOneLine(byte[] yaml) throws Exception {
    Files.write(folder.resolve("acme.yaml"), yaml);
    try {
      VendorProfiles profiles = VendorProfiles.builtIn().with(folder);
      VendorProfile profile = profiles.find(Optional.of("acme")).orElseThrow();
      assertEquals("acme", profile.name());
      assertEquals(List.of(), ProfileCheck.problems(profile));
      assertEquals(profiles, VendorProfiles.builtIn().with(folder));
      profile.transformOf("/a");
      assertTrue(profiles.cookies().containsAll(profile.cookies()));
    } catch (InvalidProfileException e) {
      assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e::getMessage);
    }
  }
}
