package io.github.bmcgateway.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Idrac9TicketTest {
  private static final String PATH = "/sysmgmt/2015/server/vconsole";
  private static final String TICKET =
      "{\"Location\":\"https://10.0.0.5:443/restgui/vconsole/index.html?ip=10.0.0.5&kvmport=443"
          + "&title=idrac-ABC%2C%20x&VCSID=123456789012345678901234&VCSID2=2\" , \"n\" : 1}";
  private static final String PUBLIC =
      "{\"Location\":\"https://pm.example.com/restgui/vconsole/index.html?ip=pm.example.com"
          + "&kvmport=443&title=idrac-ABC%2C%20x&VCSID=123456789012345678901234&VCSID2=2\" ,"
          + " \"n\" : 1}";

  @Test
  void theTicketNamesThePublicHostAndEverythingElseKeepsItsBytes() throws IOException {
    assertEquals(PUBLIC, transform(TICKET.getBytes(StandardCharsets.UTF_8), false, 7));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 100_000})
  void chunksAndGzipMakeNoDifference(int chunk) throws IOException {
    assertEquals(PUBLIC, transform(gzip(TICKET), true, chunk));
  }

  @Test
  void anyPublicPortAndAnEscapedUrlAndThePlugInOn5900AreTaken() throws IOException {
    String ticket =
        "{\"Location\":\"https:\\/\\/10.0.0.5:5900\\/x?ip=10.0.0.5&kvmport=5900&ST1=\\u00e9\"}";
    Idrac9Ticket rewriting = new Idrac9Ticket(Requests.idrac9("10.0.0.5", "localhost", 8443));

    assertEquals(
        "{\"Location\":\"https://localhost:8443/x?ip=localhost&kvmport=8443&ST1=é\"}",
        new String(
            rewriting.apply(ticket.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Location\":\"\"}",
        "{}",
        "",
        "not json",
        "{\"Location\":5}",
        "{\"a\":{\"Location\":\"https://10.0.0.5/\"}}",
        "{\"Location\":\"unended"
      })
  void whatIsNoTicketStays(String body) throws IOException {
    assertEquals(body, transform(body.getBytes(StandardCharsets.UTF_8), false, 5));
  }

  @Test
  void aBodyThatIsTooLongFailsInsteadOfBeingCut() {
    assertThrows(TransformException.class, () -> transform(new byte[70_000], false, 1000));
    assertThrows(
        TransformException.class, () -> transform(gzip(" ".repeat(5_000_000)), true, 1000));
  }

  @Test
  void gzipThatIsNoneOrEndsEarlyFails() throws IOException {
    byte[] whole = gzip(TICKET);
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 9);

    assertThrows(TransformException.class, () -> transform(cut, true, 16));
    assertThrows(
        TransformException.class,
        () -> transform(TICKET.getBytes(StandardCharsets.UTF_8), true, 16));
  }

  @ParameterizedTest
  @CsvSource({
    "/restgui/vconsole/index.html?ip=10.0.0.5&kvmport=443&a=ip=10.0.0.5,"
        + " /restgui/vconsole/index.html?ip=localhost&kvmport=8443&a=ip=10.0.0.5",
    "/x?ip=10.0.0.6&kvmport=443, ''",
    "/x?skip=10.0.0.5, ''"
  })
  void aRedirectToTheViewerIsRecognisedByTheBmcsAddress(String location, String expected) {
    var request = Requests.idrac9("10.0.0.5", "localhost", 8443);

    assertEquals(!expected.isEmpty(), ConsoleUrls.namesBmc(location, request));
    if (!expected.isEmpty()) {
      assertEquals(expected, ConsoleUrls.parametersToPublic(location, request));
    }
  }

  private static String transform(byte[] body, boolean gzipped, int chunk) throws IOException {
    BodyRewrite rewrite =
        new Transformers(new ArrayByteBufferPool())
            .find(
                Requests.idrac9("10.0.0.5", "pm.example.com", 443),
                PATH,
                new Answer(200, Optional.of("application/json"), gzipped),
                /* takesGzip= */ () -> false)
            .orElseThrow();
    return new String(Bodies.through(rewrite.transformer(), body, chunk), StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text) throws IOException {
    return Bodies.gzip(text.getBytes(StandardCharsets.UTF_8));
  }
}
