package io.github.bmcgateway.proxy;

import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.ScopedAction;
import io.github.bmcgateway.target.VendorProfile;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Tells requests that may change a BMC's firmware, and with it the files of its pages. */
final class FirmwareUpdates {
  /** What is larger may be firmware. */
  private static final long LARGE_BYTES = 1024 * 1024;

  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  private FirmwareUpdates() {}

  /**
   * Whether a request may be part of an update: it is large, or the profile permits it for firmware
   * and for nothing else.
   *
   * @param bytes the length of its body; 0 or less for none
   */
  static boolean mayBe(String method, long bytes, BmcRequest to) {
    return !READS.contains(method) && (bytes > LARGE_BYTES || isForFirmwareAlone(method, to));
  }

  private static boolean isForFirmwareAlone(String method, BmcRequest to) {
    VendorProfile profile = to.bmc().profile();
    return ScopedAction.request(method, RequestRules.pathOf(to.target()))
        .filter(action -> permits(profile, action, "firmware"))
        .filter(
            action ->
                Stream.of("console", "read", "media")
                    .noneMatch(name -> permits(profile, action, name)))
        .isPresent();
  }

  private static boolean permits(VendorProfile profile, ScopedAction action, String name) {
    return profile.scopes().getOrDefault(name, List.of()).stream()
        .filter(rule -> rule.matches(action))
        .findFirst()
        .map(rule -> !rule.denies())
        .orElse(false);
  }
}
