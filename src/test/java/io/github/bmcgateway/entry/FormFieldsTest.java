package io.github.bmcgateway.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FormFieldsTest {
  @Test
  void everyValueOfAFieldIsFound() {
    assertEquals(List.of("a.b"), FormFields.values("x=1&token=a%2Eb&y", "token"));
    assertEquals(List.of("a", "b"), FormFields.values("token=a&%74oken=b", "token"));
    assertEquals(List.of("", ""), FormFields.values("token&token=", "token"));
    assertEquals(List.of("a b"), FormFields.values("token=a+b", "token"));
    assertEquals(List.of("a=b"), FormFields.values("token=a=b", "token"));
    assertEquals(List.of(), FormFields.values("tokens=a", "token"));
    assertEquals(List.of(), FormFields.values("", "token"));
    assertEquals(List.of(), FormFields.values(null, "token"));
  }

  @Test
  void whatCantBeDecodedStaysAsItIs() {
    assertEquals(List.of("%zz"), FormFields.values("%zz=1&token=%zz", "token"));
  }
}
