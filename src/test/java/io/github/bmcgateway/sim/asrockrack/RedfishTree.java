package io.github.bmcgateway.sim.asrockrack;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The resources below {@code /redfish}; AMI calls the one system and manager "Self". */
final class RedfishTree {

  private static final String ROOT = "/redfish/v1";
  private static final String SYSTEM = ROOT + "/Systems/Self";
  private static final Set<String> CHANGEABLE = Set.of("AssetTag", "IndicatorLED");

  private final Map<String, Map<String, Object>> resources = new LinkedHashMap<>();

  RedfishTree(String tag) {
    resources.put("/redfish", JsonText.object("v1", "/redfish/v1/"));
    resources.put(ROOT, root());
    resources.put(SYSTEM, system(tag));
    resources.put(
        ROOT + "/Managers/Self",
        JsonText.object(
            "@odata.id", ROOT + "/Managers/Self",
            "@odata.type", "#Manager.v1_5_0.Manager",
            "Id", "Self",
            "Name", "Manager",
            "ManagerType", "BMC",
            "UUID", "00000000-0000-0000-0000-000000000001",
            "FirmwareVersion", "0.01.00"));
    resources.put(
        ROOT + "/Chassis/Self",
        JsonText.object(
            "@odata.id", ROOT + "/Chassis/Self",
            "@odata.type", "#Chassis.v1_8_0.Chassis",
            "Id", "Self",
            "Name", "Chassis",
            "ChassisType", "RackMount",
            "SerialNumber", tag));
    resources.put(
        ROOT + "/SessionService",
        JsonText.object(
            "@odata.id",
            ROOT + "/SessionService",
            "@odata.type",
            "#SessionService.v1_1_0.SessionService",
            "Id",
            "SessionService",
            "Name",
            "Session Service",
            "ServiceEnabled",
            true,
            "SessionTimeout",
            30,
            "Sessions",
            link(ROOT + "/SessionService/Sessions")));
    putCollection("Systems", "ComputerSystem");
    putCollection("Managers", "Manager");
    putCollection("Chassis", "Chassis");
  }

  private void putCollection(String name, String type) {
    String path = ROOT + "/" + name;
    resources.put(path, collection(path, type, List.of("Self")));
  }

  synchronized Optional<Map<String, Object>> at(String path) {
    return Optional.ofNullable(resources.get(path)).map(LinkedHashMap::new);
  }

  /** Changes a resource; false where nothing was changed. */
  synchronized boolean change(String path, JsonNode changes) {
    Map<String, Object> resource = resources.get(path);
    if (resource == null || !path.equals(SYSTEM)) {
      return false;
    }
    boolean known = true;
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      known &= CHANGEABLE.contains(change.getKey());
      if (known) {
        resource.put(change.getKey(), change.getValue().asText());
      }
    }
    return known;
  }

  Map<String, Object> collection(String path, String type, Collection<?> members) {
    return JsonText.object(
        "@odata.id",
        path,
        "@odata.type",
        "#" + type + "Collection." + type + "Collection",
        "Name",
        type + " Collection",
        "Members",
        members.stream().map(member -> link(path + "/" + member)).toList(),
        "Members@odata.count",
        members.size());
  }

  private static Map<String, Object> root() {
    return JsonText.object(
        "@odata.id",
        ROOT + "/",
        "@odata.type",
        "#ServiceRoot.v1_5_0.ServiceRoot",
        "Id",
        "RootService",
        "Name",
        "Root Service",
        "RedfishVersion",
        "1.8.0",
        "UUID",
        "00000000-0000-0000-0000-000000000000",
        "Vendor",
        "AMI",
        "Product",
        "AMI Redfish Server",
        "Oem",
        Map.of("Ami", Map.of("RtpVersion", "1.8.a")),
        "Systems",
        link(ROOT + "/Systems"),
        "Managers",
        link(ROOT + "/Managers"),
        "Chassis",
        link(ROOT + "/Chassis"),
        "SessionService",
        link(ROOT + "/SessionService"),
        "Links",
        Map.of("Sessions", link(ROOT + "/SessionService/Sessions")));
  }

  private static Map<String, Object> system(String tag) {
    return JsonText.object(
        "@odata.id",
        SYSTEM,
        "@odata.type",
        "#ComputerSystem.v1_5_0.ComputerSystem",
        "Id",
        "Self",
        "Name",
        "System",
        "Manufacturer",
        "ASRockRack",
        "Model",
        "E3C246D4I-NL",
        "SerialNumber",
        tag,
        "UUID",
        "00000000-0000-0000-0000-000000000002",
        "AssetTag",
        "",
        "IndicatorLED",
        "Off",
        "PowerState",
        "On",
        "SystemType",
        "Physical",
        "Status",
        Map.of("Health", "OK", "State", "Enabled"),
        "Boot",
        JsonText.object(
            "BootSourceOverrideEnabled", "Disabled",
            "BootSourceOverrideMode", "UEFI",
            "BootSourceOverrideTarget", "None",
            "BootSourceOverrideTarget@Redfish.AllowableValues", List.of("None", "Pxe", "Cd")),
        "Links",
        Map.of(
            "Chassis", List.of(link(ROOT + "/Chassis/Self")),
            "ManagedBy", List.of(link(ROOT + "/Managers/Self"))),
        "Actions",
        Map.of(
            "#ComputerSystem.Reset",
            JsonText.object(
                "target",
                SYSTEM + "/Actions/ComputerSystem.Reset",
                "ResetType@Redfish.AllowableValues",
                List.of("On", "ForceOff", "ForceRestart"))));
  }

  private static Map<String, Object> link(String path) {
    return Map.of("@odata.id", path);
  }
}
