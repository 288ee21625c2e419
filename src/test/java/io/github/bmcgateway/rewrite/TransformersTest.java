package io.github.bmcgateway.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.VendorProfile.Edit;
import io.github.bmcgateway.target.VendorProfile.Transform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.proxy.AsyncMiddleManServlet.ContentTransformer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.component.Destroyable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class TransformersTest {
  private static final String VIEWER = "/js/ViewerJS/html5viewer.js";
  private static final String LITERAL = "htmlViewer.setRPServerConfiguration(mIPAddress, mPort);";
  private static final Transform SWITCHES_POPUP_OFF =
      new Transform(
          Pattern.compile(Pattern.quote(VIEWER)),
          Set.of(),
          Optional.empty(),
          /* ownAuthority= */ true,
          List.of(new Edit(LITERAL, LITERAL + " htmlViewer.disableRPCertPopup();")));
  private static final Transform PAGES =
      new Transform(
          Pattern.compile("/.*"),
          Set.of("text/html"),
          Optional.empty(),
          /* ownAuthority= */ true,
          List.of());

  private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
  private final Transformers transformers = new Transformers(pool);

  @ParameterizedTest
  @CsvSource({"1, true, true", "97, true, true", "97, true, false", "8192, false, true"})
  void anEditAndTheOwnAuthorityGoInOnePassWhateverTheCoding(
      int chunk, boolean gzipped, boolean takesGzip) throws IOException {
    String filler = "var a = [1, 2, 3];\n".repeat(3000);
    String body = filler + LITERAL + " open('https://10.0.0.5:443/index.html');" + filler;
    String expected =
        filler
            + LITERAL
            + " htmlViewer.disableRPCertPopup(); open('https://pm.example.com/index.html');"
            + filler;

    BodyRewrite rewrite = find(SWITCHES_POPUP_OFF, answer(200, gzipped), takesGzip).orElseThrow();
    byte[] result =
        Bodies.through(
            rewrite.transformer(), gzipped ? Bodies.gzip(bytes(body)) : bytes(body), chunk);

    assertEquals(gzipped && takesGzip, rewrite.gzipped());
    assertEquals(expected, text(rewrite.gzipped() ? Bodies.gunzip(result) : result));
    if (gzipped) {
      destroy(rewrite.transformer());
    }
    assertEquals(0, pool.getLeaks().size(), pool.dumpLeaks());
  }

  @Test
  void anEditWithoutAPlaceIsLoggedOnce() throws IOException {
    List<String> lines =
        logged(
            () -> {
              for (int i = 0; i < 2; i++) {
                ContentTransformer transformer =
                    find(SWITCHES_POPUP_OFF, answer(200, false), true).orElseThrow().transformer();
                assertEquals("other", text(Bodies.through(transformer, bytes("other"), 2)));
              }
            });

    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains(LITERAL), lines.get(0));
    assertTrue(lines.get(0).contains("Acme at 10.0.0.5"), lines.get(0));
  }

  @Test
  void thePageOfAnErrorHasNoPlaceForEdits() throws IOException {
    List<String> lines =
        logged(
            () -> {
              ContentTransformer transformer =
                  find(SWITCHES_POPUP_OFF, answer(404, false), true).orElseThrow().transformer();
              assertEquals(
                  LITERAL + "https://pm.example.com",
                  text(Bodies.through(transformer, bytes(LITERAL + "https://10.0.0.5"), 9)));
            });

    assertEquals(List.of(), lines);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "text/html, true",
        "TEXT/HTML ; charset=utf-8, true",
        "application/json, false",
        "text/htmlx, false",
        "none, false"
      })
  void onlyTheMediaTypesOfATransformAreMeant(String contentType, boolean rewritten) {
    Answer answer = new Answer(200, Optional.ofNullable(contentType), /* gzipped= */ false);

    assertEquals(rewritten, find(PAGES, answer, true).isPresent());
  }

  @Test
  void whatNeedsNoRewritingKeepsItsCodingOrLosesItForABrowserThatDoesNotTakeIt()
      throws IOException {
    Answer answer = new Answer(200, Optional.of("image/png"), /* gzipped= */ true);
    byte[] body = random(50_000);

    assertTrue(find(PAGES, answer, /* takesGzip= */ true).isEmpty());
    BodyRewrite plain = find(PAGES, answer, /* takesGzip= */ false).orElseThrow();
    assertFalse(plain.gzipped());
    assertArrayEquals(body, Bodies.through(plain.transformer(), Bodies.gzip(body), 3000));
  }

  @Test
  void theNamedTransformerComesBeforeEditsAndOwnAuthority() throws IOException {
    Transform both =
        new Transform(
            Pattern.compile(".*"),
            Set.of(),
            Optional.of("idrac9-ticket"),
            /* ownAuthority= */ false,
            List.of(new Edit("pm.example.com", "second")));

    BodyRewrite rewrite = find(both, answer(200, true), true).orElseThrow();
    byte[] result =
        Bodies.through(
            rewrite.transformer(), Bodies.gzip(bytes("{\"Location\":\"https://10.0.0.5/x\"}")), 5);

    assertEquals("{\"Location\":\"https://second/x\"}", text(Bodies.gunzip(result)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gzipThatEndsEarlyOrHasAnythingBehindItFails(boolean takesGzip) throws IOException {
    byte[] whole = Bodies.gzip(random(20_000));

    for (int cut : new int[] {1, 8, 9, 10_000, whole.length - 5}) {
      byte[] body = Arrays.copyOf(whole, whole.length - cut);
      assertThrows(TransformException.class, () -> throughPages(body, takesGzip), "cut " + cut);
    }
    byte[] longer = Arrays.copyOf(whole, whole.length + 3);
    assertThrows(TransformException.class, () -> throughPages(longer, takesGzip));
  }

  @Test
  void severalGzipMembersAreOneBody() throws IOException {
    byte[] first = Bodies.gzip(bytes("<a href='https://10.0"));
    byte[] second = Bodies.gzip(bytes(".0.5/'>"));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);

    assertEquals("<a href='https://pm.example.com/'>", text(throughPages(both, false)));
    assertEquals(
        "<a href='https://pm.example.com/'>", text(Bodies.gunzip(throughPages(both, true))));
  }

  @Test
  void aBombIsNotUnfolded() throws IOException {
    byte[] bomb = Bodies.gzip(new byte[64 << 20]);
    ContentTransformer transformer =
        find(PAGES, page(), /* takesGzip= */ false).orElseThrow().transformer();
    List<ByteBuffer> output = new ArrayList<>();

    assertThrows(
        TransformException.class,
        () -> transformer.transform(ByteBuffer.wrap(bomb, 0, 16_384), false, output));
    int held = output.stream().mapToInt(ByteBuffer::remaining).sum();
    assertTrue(held < 9 << 20, held + " bytes");
  }

  @Test
  void aBombThatComesInSmallPiecesIsNotUnfoldedEither() throws IOException {
    byte[] bomb = Bodies.gzip(new byte[64 << 20]);
    ContentTransformer transformer =
        find(PAGES, page(), /* takesGzip= */ false).orElseThrow().transformer();
    List<ByteBuffer> output = new ArrayList<>();

    assertThrows(
        TransformException.class,
        () -> {
          for (int at = 0; at < bomb.length; at += 1024) {
            int length = Math.min(1024, bomb.length - at);
            transformer.transform(ByteBuffer.wrap(bomb, at, length), false, output);
          }
        });
    int seen = output.stream().mapToInt(ByteBuffer::remaining).sum();
    assertTrue(seen < 9 << 20, seen + " bytes");
  }

  @Test
  void textThatCompressesWellIsNoBomb() throws IOException {
    byte[] table = bytes("<tr><td>OK</td></tr>\n".repeat(100_000));

    assertArrayEquals(table, Bodies.gunzip(throughPages(Bodies.gzip(table), true)));
  }

  @Test
  void cleaningUpTwiceDoesNoHarm() {
    for (boolean takesGzip : new boolean[] {true, false}) {
      ContentTransformer transformer = find(PAGES, page(), takesGzip).orElseThrow().transformer();

      destroy(transformer);
      destroy(transformer);
    }
  }

  private byte[] throughPages(byte[] body, boolean takesGzip) throws IOException {
    ContentTransformer transformer = find(PAGES, page(), takesGzip).orElseThrow().transformer();
    try {
      return Bodies.through(transformer, body, 4096);
    } finally {
      destroy(transformer);
    }
  }

  private Optional<BodyRewrite> find(Transform transform, Answer answer, boolean takesGzip) {
    BmcRequest request = Requests.with(transform);
    return transformers.find(request, VIEWER, answer, () -> takesGzip);
  }

  private static Answer answer(int status, boolean gzipped) {
    return new Answer(status, Optional.of("text/javascript"), gzipped);
  }

  private static Answer page() {
    return new Answer(200, Optional.of("text/html"), /* gzipped= */ true);
  }

  private static void destroy(ContentTransformer transformer) {
    ((Destroyable) transformer).destroy();
  }

  private static List<String> logged(Work work) throws IOException {
    Logger logger = (Logger) LoggerFactory.getLogger(Edits.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    try {
      work.run();
    } finally {
      logger.detachAppender(appender);
    }
    return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private interface Work {
    void run() throws IOException;
  }
}
