package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.VendorMatrix.Part;
import io.github.bmcgateway.testing.VendorMatrix.Proved;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The last test of all, which the build starts after the others: prints which part of which vendor
 * they have proved, writes it to {@code target/vendor-matrix.txt}, and fails where a part of a
 * supported vendor is missing, or the README's table differs.
 */
@Tag("report")
class VendorMatrixIT {

  private static final List<String> SUPPORTED = List.of("asrockrack", "idrac8", "idrac9", "ilo5");
  private static final Path REPORT = Path.of("target", "vendor-matrix.txt");

  @Test
  void everyPartOfEverySupportedVendorWorks() throws Exception {
    Proved proved = Proved.soFar();
    String table = proved.table();
    Files.writeString(REPORT, table);
    System.out.println("\nThrough the gateway, with simulated BMCs:\n\n" + table);
    Set<Part> all = Set.of(Part.values());
    assertAll(SUPPORTED.stream().map(vendor -> () -> assertEquals(all, proved.of(vendor), vendor)));
    assertTrue(Files.readString(Path.of("README.md")).contains(table), "README.md lacks\n" + table);
  }
}
