package io.github.bmcgateway.sim.asrockrack;

import java.util.List;
import java.util.Optional;

/** What the REST interface tells about an E3C246D4I-NL board; the same at every call. */
final class BoardFacts {

  private BoardFacts() {}

  /** The answer to a GET; none for an unknown path. */
  static Optional<Object> at(String path, String tag) {
    return Optional.ofNullable(
        switch (path) {
          case "/api/settings/dashboarduser" ->
              JsonText.object("user_id", 2, "kvm_access", 1, "vmedia_access", 1);
          case "/api/configuration/project" ->
              List.of(
                  JsonText.object("feature", "KVM"),
                  JsonText.object("feature", "SINGLE_PORT_APP"),
                  JsonText.object("feature", "VMEDIA_CD"),
                  JsonText.object("feature", "ASRR_FW"));
          case "/api/configuration/runtime" ->
              JsonText.object("timezone", "Etc/UTC", "max_sessions", 8);
          case "/api/settings/media/adviser" ->
              JsonText.object("kvm_port", 80, "web_port", 443, "singleport_status", 1, "secure", 1);
          case "/api/settings/services" ->
              List.of(
                  JsonText.object("id", 1, "service_name", "web", "secure_port", 443),
                  JsonText.object("id", 2, "service_name", "kvm", "secure_port", 7582),
                  JsonText.object("id", 4, "service_name", "cd-media", "secure_port", 5124));
          case "/api/sensors" -> List.of(sensor(1, "MB Temp", 31), sensor(2, "FAN1", 5400));
          case "/api/fru" -> List.of(fru(tag));
          case "/api/chassis-status" -> JsonText.object("power_status", 1, "led_status", 0);
          case "/api/asrr/fw-info" ->
              JsonText.object(
                  "BMC_fw_version", "0.01.00",
                  "BIOS_fw_version", "L2.07B",
                  "ME_fw_version", "5.1.3.78",
                  "Micro_Code_version", "000000ca",
                  "CPLD_version", "N/A",
                  "CM_version", "0.13.01",
                  "BPB_version", "0.0.002.0",
                  "Node_id", "2");
          case "/api/asrr/getbioscode" -> JsonText.object("poststatus", 1, "postdata", 160);
          case "/api/asrr/inventory_info" ->
              List.of(JsonText.object("device_id", 0, "device_name", "CPU1", "device_type", "CPU"));
          default -> null;
        });
  }

  private static Object sensor(int id, String name, int reading) {
    return JsonText.object(
        "id", id, "name", name, "reading", reading, "unit", id == 1 ? "deg_c" : "rpm");
  }

  private static Object fru(String tag) {
    return JsonText.object(
        "device",
        JsonText.object("id", 0, "name", "BMC_FRU"),
        "board",
        JsonText.object(
            "version", 1,
            "manufacturer", "ASRockRack",
            "product_name", "E3C246D4I-NL",
            "serial_number", tag,
            "part_number", "N/A"));
  }
}
