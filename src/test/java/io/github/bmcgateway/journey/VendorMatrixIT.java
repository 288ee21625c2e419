package io.github.bmcgateway.journey;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bmcgateway.testing.VendorMatrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The last test of all: prints which part of which vendor the run has proved, writes it to {@code
 * target/vendor-matrix.txt}, and fails where a part of a supported vendor is missing, or the
 * README's table differs.
 *
 * <p>It knows only what ran in the same JVM before it, so run alone it fails.
 */
@Order(Integer.MAX_VALUE)
@ExtendWith(VendorMatrix.class)
class VendorMatrixIT {

  private static final List<String> SUPPORTED = List.of("asrockrack", "idrac8", "idrac9", "ilo5");
  private static final Path REPORT = Path.of("target", "vendor-matrix.txt");

  @Test
  void everyPartOfEverySupportedVendorWorks(VendorMatrix.Proved proved) throws Exception {
    String table = proved.table();
    Files.writeString(REPORT, table);
    System.out.println("\nThrough the gateway, with simulated BMCs:\n\n" + table);
    Set<VendorMatrix.Part> all = Set.of(VendorMatrix.Part.values());
    assertAll(SUPPORTED.stream().map(vendor -> () -> assertEquals(all, proved.of(vendor), vendor)));
    assertTrue(Files.readString(Path.of("README.md")).contains(table), "README.md lacks\n" + table);
  }
}
