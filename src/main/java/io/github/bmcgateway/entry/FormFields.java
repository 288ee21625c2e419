package io.github.bmcgateway.entry;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields in the coding of forms and queries ({@code application/x-www-form-urlencoded}). */
final class FormFields {
  private FormFields() {}

  /** Every value of the field, decoded; what can't be decoded stays as it is. */
  static List<String> values(@Nullable String encoded, String name) {
    List<String> values = new ArrayList<>();
    if (encoded != null) {
      for (String pair : encoded.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (decode(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
          values.add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
      }
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
