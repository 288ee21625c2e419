package io.github.bmcgateway.target;

import java.util.List;
import java.util.Optional;

/** Vendor profiles of tests. */
public final class TestProfiles {
  private TestProfiles() {}

  /** A profile without any rule. */
  public static VendorProfile plain(String name, String title) {
    return transforming(name, title, List.of());
  }

  /** A profile that only rewrites. */
  public static VendorProfile transforming(
      String name, String title, List<VendorProfile.Transform> transforms) {
    VendorProfile generic = VendorProfiles.builtIn().find(Optional.empty()).orElseThrow();
    return new VendorProfile(
        name,
        /* version= */ "1",
        title,
        "none",
        generic.facts(),
        generic.detect(),
        Optional.empty(),
        generic.cookies(),
        Optional.empty(),
        /* alwaysGzip= */ false,
        Optional.empty(),
        /* mapsPmToken= */ false,
        Optional.empty(),
        /* headBudgetBytes= */ 0,
        generic.responseHeaders(),
        generic.contentTypes(),
        generic.addressParameters(),
        generic.redirects(),
        generic.sockets(),
        transforms,
        generic.assets(),
        generic.limits(),
        generic.logins(),
        generic.onClientGone(),
        /* answerSeconds= */ 0,
        generic.scopes(),
        generic.hints());
  }
}
