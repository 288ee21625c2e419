package io.github.bmcgateway.sim.idrac8;

import java.util.HashMap;
import java.util.Map;

/** What the unit says of itself, by the names that the pages ask for. Immutable. */
final class UnitValues {

  static final String FIRMWARE = "2.86.86.86";
  static final String MODEL = "PowerEdge R730";

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();

  UnitValues(Idrac8Options options, int consolePort) {
    numbers.put("gui_kvm_plugin_type", options.pluginType());
    numbers.put("rp_int_apcp_port", consolePort);
    numbers.put("vkvm_bool_enabled", 1);
    numbers.put("gui_int_control_basegui", 1);
    texts.put("hostname", options.hostName());
    texts.put("hostName", options.hostName());
    texts.put("fwVersion", FIRMWARE);
    texts.put("fwVersionFull", FIRMWARE + " (Build 01)");
    texts.put("sysDesc", MODEL);
    texts.put("svcTag", options.tag());
    texts.put("prodServerGen", "13G");
    texts.put("prodClassName", "iDRAC");
    texts.put("kvmEnabled", "1");
    texts.put("pwState", "1");
    texts.put("netMode", "0");
    texts.put("osName", "Simulated");
  }

  /** A number; 0 for an unknown name. */
  int number(String name) {
    return numbers.getOrDefault(name, 0);
  }

  /** A text; empty for an unknown name. */
  String text(String name) {
    return texts.getOrDefault(name, "");
  }
}
