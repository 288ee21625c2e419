package io.github.bmcgateway.target;

import io.github.bmcgateway.target.VendorProfile.Assets;
import io.github.bmcgateway.target.VendorProfile.Edit;
import io.github.bmcgateway.target.VendorProfile.Limits;
import io.github.bmcgateway.target.VendorProfile.Probe;
import io.github.bmcgateway.target.VendorProfile.Transform;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks what a profile's types don't. */
final class ProfileCheck {
  private static final int MAX_PORT = 65_535;
  private static final int MIN_LITERAL_BYTES = 2;
  private static final int MAX_ASSET_SECONDS = 3_600;

  /** Each request of a session with a scope is held against them. */
  private static final int MAX_SCOPE_RULES = 100;

  private final List<String> problems = new ArrayList<>();

  private ProfileCheck() {}

  /** Everything that is wrong, in words for who wrote the profile. */
  static List<String> problems(VendorProfile profile) {
    ProfileCheck check = new ProfileCheck();
    check.required("", profile);
    if (check.problems.isEmpty()) {
      check.values(profile);
    }
    return check.problems;
  }

  /** What a file may leave out, the records fill in; so what is missing in them is required. */
  private void required(String at, Record part) {
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      String key = at + (at.isEmpty() ? "" : ".") + component.getName();
      Object value = valueOf(component, part);
      if (value == null) {
        problems.add(key + ": required");
      } else {
        within(key, value);
      }
    }
  }

  private void within(String key, Object value) {
    if (value instanceof Record part) {
      required(key, part);
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> within(key, present));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, entry) -> within(key + "." + name, entry));
    } else if (value instanceof List<?> list) {
      for (int index = 0; index < list.size(); index++) {
        within(key + "[" + index + "]", list.get(index));
      }
    }
  }

  private static @Nullable Object valueOf(RecordComponent component, Record part) {
    try {
      return component.getAccessor().invoke(part);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void values(VendorProfile profile) {
    if (profile.title().isBlank()) {
      problems.add("title: required");
    }
    profile
        .consolePort()
        .filter(port -> port < 1 || port > MAX_PORT)
        .ifPresent(port -> problems.add("consolePort: " + port + " is no port"));
    limits(profile.limits());
    profile.detect().forEach(this::probe);
    profile.transforms().forEach(this::transform);
    profile.assets().forEach(this::assets);
    profile.scopes().forEach(this::scope);
  }

  private void limits(Limits limits) {
    notNegative("requests", limits.requests());
    notNegative("connections", limits.connections());
    notNegative("idleSeconds", limits.idleSeconds());
    notNegative("requestsPerConnection", limits.requestsPerConnection());
    if (limits.connections() > 0 && limits.requests() > limits.connections()) {
      problems.add("limits.requests: each of them needs one of the connections");
    }
  }

  private void notNegative(String limit, int value) {
    if (value < 0) {
      problems.add("limits." + limit + ": " + value + " is below 0");
    }
  }

  private void scope(String name, @Nullable List<ScopeRule> rules) {
    if (!ScopeRule.NAMES.contains(name)) {
      problems.add("scopes." + name + ": no token can name it; there are " + scopeNames());
    } else if (rules == null || rules.contains(null)) {
      problems.add("scopes." + name + ": a rule is missing");
    } else if (rules.size() > MAX_SCOPE_RULES) {
      problems.add("scopes." + name + ": more than " + MAX_SCOPE_RULES + " rules");
    }
  }

  private static String scopeNames() {
    return ScopeRule.NAMES.stream().sorted().collect(Collectors.joining(", "));
  }

  private void probe(Probe probe) {
    if (!probe.path().startsWith("/")) {
      problems.add("detect: a path begins with /");
    } else if (probe.headers().isEmpty() && probe.body().isEmpty()) {
      problems.add("detect: a status alone tells nothing, " + probe.path());
    }
  }

  private void assets(Assets assets) {
    if (assets.seconds() < 0 || assets.seconds() > MAX_ASSET_SECONDS) {
      problems.add("assets: seconds are 0 to " + MAX_ASSET_SECONDS + ", " + assets.path());
    }
  }

  private void transform(Transform transform) {
    if (transform.transformer().isEmpty()
        && transform.edits().isEmpty()
        && !transform.ownAuthority()) {
      problems.add("transforms: nothing is done to " + transform.path());
    }
    for (Edit edit : transform.edits()) {
      if (edit.find().getBytes(StandardCharsets.UTF_8).length < MIN_LITERAL_BYTES) {
        problems.add("transforms: \"" + edit.find() + "\" is too short to be looked for");
      }
    }
  }
}
