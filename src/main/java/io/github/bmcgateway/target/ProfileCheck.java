package io.github.bmcgateway.target;

import java.util.ArrayList;
import java.util.List;

/** Checks what a profile's types don't. */
final class ProfileCheck {
  private static final int MAX_PORT = 65_535;

  private ProfileCheck() {}

  /** Everything that is wrong, in words for who wrote the profile. */
  static List<String> problems(VendorProfile profile) {
    List<String> problems = new ArrayList<>();
    if (profile.title() == null || profile.title().isBlank()) {
      problems.add("title: required");
    }
    profile
        .consolePort()
        .filter(port -> port < 1 || port > MAX_PORT)
        .ifPresent(port -> problems.add("consolePort: " + port + " is no port"));
    for (VendorProfile.Probe probe : profile.detect()) {
      if (probe.path() == null || !probe.path().startsWith("/")) {
        problems.add("detect: a path begins with /");
      } else if (probe.headers().isEmpty() && probe.body().isEmpty()) {
        problems.add("detect: a status alone tells nothing, " + probe.path());
      }
    }
    for (VendorProfile.Transform transform : profile.transforms()) {
      if (transform.transformer().isEmpty()
          && transform.edits().isEmpty()
          && !transform.ownAuthority()) {
        problems.add("transforms: nothing is done to " + transform.path());
      }
    }
    return problems;
  }
}
