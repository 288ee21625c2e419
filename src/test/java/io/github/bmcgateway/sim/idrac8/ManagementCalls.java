package io.github.bmcgateway.sim.idrac8;

import io.github.bmcgateway.sim.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /sysmgmt}: JSON, and the upload of firmware. Thread-safe. */
final class ManagementCalls {

  private static final String FIRMWARE = "/sysmgmt/2012/server/firmware/queue";
  private static final Pattern BOUNDARY =
      Pattern.compile("multipart/form-data; *boundary=\"?([^\";]+)\"?");

  private static final Map<String, Object> DISABLED = Map.of("Enable", "Disabled");

  private static final Map<String, Object> RESOURCES =
      Map.of(
          "2012/server/license",
          Map.of("License", Map.of()),
          "2012/server/attributes/system",
          Map.of("Attributes", Map.of("system_type_dcs", "0")),
          "2012/server/configgroup/iDRAC.vFlashSD",
          Map.of("iDRAC.vFlashSD", DISABLED),
          "2012/server/configgroup/iDRAC.USB",
          Map.of("iDRAC.USB", DISABLED),
          "2012/server/configgroup/system.chassiscontrol",
          Map.of("system.ChassisControl", DISABLED),
          "2012/server/configgroup/iDRAC.VNCServer",
          Map.of("iDRAC.VNCServer", Map.of("ActiveSessions", 0)),
          "2012/server/configgroup/iDRAC.VirtualMedia.Enable",
          Map.of("iDRAC.VirtualMedia", Map.of("Enable", "Enabled")),
          "2010/storage/enclosure",
          Map.of("Enclosures", Map.of()),
          "2016/server/extended_health",
          Map.of("healthStatus", List.of(1, 1, 1, 1, 1, 1, 1, 1)));

  private static final String SOFTWARE =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?> <SoftwareInventory><Device"
          + " componentType=\"FRMW\" version=\""
          + UnitValues.FIRMWARE
          + "\"/></SoftwareInventory>";

  private final Guard guard;
  private final Idrac8Options options;
  private final List<FirmwareImage> images = new CopyOnWriteArrayList<>();

  ManagementCalls(Guard guard, Idrac8Options options) {
    this.guard = guard;
    this.options = options;
  }

  /** Firmware that was uploaded, in order. */
  List<FirmwareImage> images() {
    return List.copyOf(images);
  }

  void answer(Exchange exchange) throws IOException {
    exchange.set("Cache-Control", "no-cache");
    if (exchange.path().equals(FIRMWARE) && exchange.method().equals("POST")) {
      upload(exchange);
    } else if (guard.caller(exchange).isEmpty()) {
      Guard.refuse(exchange);
    } else if (exchange.path().equals(FIRMWARE)) {
      exchange.json(200, Map.of("Queue", Map.of()));
    } else if (exchange.path().equals("/sysmgmt/2012/server/inventory/software")) {
      exchange.reply(200, "text/xml", SOFTWARE);
    } else {
      resource(exchange);
    }
  }

  private static void resource(Exchange exchange) {
    Object found = RESOURCES.get(exchange.path().substring("/sysmgmt/".length()));
    if (found == null) {
      exchange.json(404, Map.of("status", "not found"));
    } else {
      exchange.json(200, found);
    }
  }

  private void upload(Exchange exchange) throws IOException {
    Optional<String> length = exchange.header("Content-Length");
    Matcher type = BOUNDARY.matcher(exchange.header("Content-Type").orElse(""));
    if (guard.uploader(exchange).isEmpty()) {
      exchange.closing();
      Guard.refuse(exchange);
    } else if (length.isEmpty()) {
      exchange.closing().reply(411, "text/html", "<h2>Access Error: 411</h2>");
    } else if (!type.lookingAt()) {
      exchange.closing().reply(400, "text/html", "<h2>Access Error: 400 -- Bad Request</h2>");
    } else {
      try (InputStream body = exchange.body()) {
        FirmwareImage image =
            FirmwareImage.read(
                body, Long.parseLong(length.get()), type.group(1), options.uploadBytesPerSecond());
        images.add(image);
        exchange.json(200, Map.of("bytes", image.bytes(), "sha256", image.sha256()));
      }
    }
  }
}
