package io.github.bmcgateway.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Cells of the vendor matrix that are proved when the test that carries this has passed. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Proves.All.class)
@ExtendWith(VendorMatrix.class)
public @interface Proves {

  /** Vendors as tokens name them. */
  String[] vendors();

  /** What of each of them works through the gateway. */
  VendorMatrix.Part[] parts();

  /** Several of them. */
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @ExtendWith(VendorMatrix.class)
  @interface All {
    Proves[] value();
  }
}
