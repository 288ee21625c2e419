package io.github.bmcgateway.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.PublicOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnAuthorityTest {
  private static final PublicOrigin PUBLIC = new PublicOrigin("https", "pm.example.com", 443);

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "https://10.0.0.5/a, https://pm.example.com/a",
        "http://10.0.0.5/a, https://pm.example.com/a",
        "wss://10.0.0.5/a, wss://pm.example.com/a",
        "ws://10.0.0.5/a, wss://pm.example.com/a",
        "src=//10.0.0.5/a, src=//pm.example.com/a",
        "url(//10.0.0.5:443), url(//pm.example.com)",
        "'https://10.0.0.5:443', 'https://pm.example.com'",
        "\"https:\\/\\/10.0.0.5:443\\/a\", \"https:\\/\\/pm.example.com\\/a\"",
        "\"wss:\\/\\/10.0.0.5\", \"wss:\\/\\/pm.example.com\"",
        "\"\\/\\/10.0.0.5\\/a\", \"\\/\\/pm.example.com\\/a\"",
        "https://idrac-ABC/a, https://pm.example.com/a",
        "https://idrac-abc:443/a, https://pm.example.com/a",
        "\"https://10.0.0.5:\"+port, \"https://pm.example.com:\"+port",
        "https://10.0.0.5, https://pm.example.com",
        "x\\nhttps://10.0.0.5?q#f, x\\nhttps://pm.example.com?q#f",
        "https://10.0.0.5//10.0.0.5/, https://pm.example.com//pm.example.com/"
      })
  void urlsOfTheBmcMoveToThePublicOrigin(String text, String expected) throws IOException {
    BmcAddress bmc = Requests.address("10.0.0.5", 443, "idrac-ABC");

    assertEquals(expected, through(bmc, PUBLIC, text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ip\":\"10.0.0.5\"}",
        "{\"host\":\"10.0.0.5:443\"}",
        "https://10.0.0.50/",
        "https://10.0.0.5.example.com/",
        "https://10.0.0.5-b/",
        "https://10.0.0.5:8443/",
        "https://10.0.0.5:4430/",
        "https://110.0.0.5/",
        "https://idrac-abcd/",
        "ftp://10.0.0.5/",
        "smb:\\/\\/10.0.0.5\\/share",
        "/10.0.0.5/"
      })
  void everythingElseStays(String text) throws IOException {
    assertEquals(text, through(Requests.address("10.0.0.5", 443, "idrac-abc"), PUBLIC, text));
  }

  @Test
  void thePublicPortAndSchemeAreTaken() throws IOException {
    BmcAddress bmc = Requests.address("10.0.0.5", 443, "");
    String text = "https://10.0.0.5/ wss://10.0.0.5:443/ //10.0.0.5/";

    assertEquals(
        "http://localhost:8080/ ws://localhost:8080/ //localhost:8080/",
        through(bmc, new PublicOrigin("http", "localhost", 8080), text));
  }

  @Test
  void theBmcsOwnPortsCountWhetherDialledOrInItsName() throws IOException {
    BmcAddress bmc = Requests.address("fd00::5", 8443, "bmc.example.com:444");
    String text =
        "https://[fd00::5]:8443/ https://[fd00::5]/ https://[fd00::5]:444/"
            + " https://bmc.example.com:444/ https://bmc.example.com:8443/ https://bmc.example.com/"
            + " https://bmc.example.com:443/";

    assertEquals(
        "https://pm.example.com/ https://pm.example.com/ https://[fd00::5]:444/"
            + " https://pm.example.com/ https://pm.example.com/ https://pm.example.com/"
            + " https://bmc.example.com:443/",
        through(bmc, PUBLIC, text));
  }

  private static String through(BmcAddress bmc, PublicOrigin origin, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String whole = through(bmc, origin, bytes, bytes.length);
    for (int chunk = 1; chunk < bytes.length; chunk++) {
      assertEquals(whole, through(bmc, origin, bytes, chunk), "chunks of " + chunk);
    }
    return whole;
  }

  private static String through(BmcAddress bmc, PublicOrigin origin, byte[] text, int chunk)
      throws IOException {
    LiteralSearch search = new LiteralSearch(OwnAuthority.literals(Requests.to(bmc, origin)));
    return new String(
        Bodies.through(new StreamingReplacer(search), text, chunk), StandardCharsets.UTF_8);
  }
}
