package io.github.bmcgateway.sim.ilo5;

import io.github.bmcgateway.sim.Exchange;
import io.github.bmcgateway.sim.MovingPicture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.imageio.ImageIO;

/** The single addresses of an iLO 5: inventory as XML, thumbnail, the Java and .NET consoles. */
final class Ilo5Extras {

  private static final int THUMBNAIL_DIVISOR = 4;
  private static final String APPLICATION = "application/x-ms-application";
  private static final Set<String> ITEMS = Set.of("all", "CpqKey");

  private final MovingPicture picture;
  private final Ilo5Json json;
  private final Ilo5Options options;
  private long thumbnails;

  Ilo5Extras(MovingPicture picture, Ilo5Json json, Ilo5Options options) {
    this.picture = picture;
    this.json = json;
    this.options = options;
  }

  /** Answers if the address is one of them. */
  boolean answer(Exchange exchange) throws IOException {
    switch (exchange.path()) {
      case "/xmldata" -> inventory(exchange);
      case "/ribcl" -> ribcl(exchange);
      case "/images/thumbnail.bmp" -> thumbnail(exchange);
      case "/html/IRC.application" -> netConsole(exchange);
      case "/html/intgapp4_231.jar" -> javaConsole(exchange);
      case "/favicon.ico" -> exchange.reply(200, "image/png", picture.png(0, /* divisor= */ 24));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void inventory(Exchange exchange) {
    boolean known = exchange.query("item").filter(ITEMS::contains).isPresent();
    if (options.has(Ilo5Quirk.NO_XMLDATA) || !known) {
      exchange.reply(404, "text/plain", "Not Found");
      return;
    }
    exchange.reply(
        200,
        "text/xml",
        """
        <?xml version="1.0"?>
        <RIMP><HSI><SBSN>%1$s</SBSN><SPN>ProLiant DL380 Gen10</SPN></HSI>\
        <MP><ST>1</ST><PN>Integrated Lights-Out 5 (iLO 5)</PN><FWRI>2.78</FWRI>\
        <HWRI>ASIC: 17</HWRI><SN>ILO%1$s</SN>\
        <UUID>00000000-0000-0000-0000-000000000001</UUID></MP></RIMP>
        """
            .formatted(options.tag()));
  }

  /** Two documents in a row, as RIBCL answers. */
  private static void ribcl(Exchange exchange) {
    exchange.drainBody();
    String document =
        "<?xml version=\"1.0\"?>\n<RIBCL VERSION=\"2.23\">\n"
            + "<RESPONSE STATUS=\"0x0000\" MESSAGE='No error'/>\n</RIBCL>\n";
    exchange.reply(200, "text/xml", document + document);
  }

  private void thumbnail(Exchange exchange) throws IOException {
    if (json.session(exchange).isEmpty()) {
      exchange.reply(403, "text/plain", "Forbidden");
      return;
    }
    exchange.set("Cache-Control", "no-cache").reply(200, "image/bmp", bmp(nextThumbnail()));
  }

  private synchronized long nextThumbnail() {
    thumbnails += 7;
    return thumbnails;
  }

  private byte[] bmp(long number) throws IOException {
    short[] pixels = picture.frame(number);
    int width = picture.width() / THUMBNAIL_DIVISOR;
    int height = picture.height() / THUMBNAIL_DIVISOR;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_565_RGB);
    short[] row = new short[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        row[x] = pixels[THUMBNAIL_DIVISOR * (y * picture.width() + x)];
      }
      image.getRaster().setDataElements(0, y, width, 1, row);
    }
    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    rgb.createGraphics().drawImage(image, 0, 0, null);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(rgb, "bmp", out);
    return out.toByteArray();
  }

  /** The first request is sent on to plain http, the key in the open; what follows is the file. */
  private void netConsole(Exchange exchange) {
    boolean keyInQuery = exchange.query(Ilo5Sessions.COOKIE).isPresent();
    if (keyInQuery || !options.has(Ilo5Quirk.HTTP_DOWNGRADE)) {
      byte[] manifest = "<assembly/>".getBytes(StandardCharsets.US_ASCII);
      exchange.reply(200, APPLICATION, manifest);
      return;
    }
    String query = exchange.recorded().target().substring(exchange.path().length());
    exchange
        .set(
            "Location",
            "http://%s/html/IRC.application%s%ssessionKey=%s"
                .formatted(
                    exchange.header("Host").orElse(""),
                    query,
                    query.isEmpty() ? "?" : "&",
                    exchange.cookie(Ilo5Sessions.COOKIE).orElse("")))
        .empty(302);
  }

  private void javaConsole(Exchange exchange) {
    if (exchange.method().equals("HEAD")) {
      exchange.set("Content-Type", "text/plain").empty(405);
    } else {
      exchange.reply(200, APPLICATION, new byte[] {'P', 'K', 3, 4});
    }
  }
}
