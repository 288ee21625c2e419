package io.github.bmcgateway.proxy;

import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.target.Bmc;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.LoginLimits;
import io.github.bmcgateway.target.LoginLimits.Allowed;
import io.github.bmcgateway.target.LoginLimits.Attempt;
import io.github.bmcgateway.target.LoginLimits.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Bounds the guessing of passwords by {@code Authorization: Basic} (RFC 7617), which makes each
 * request a login, as Redfish permits. Requests that are under way with the same credentials take
 * the place of one login: clients send several at a time, and by saying the same again nobody
 * guesses more. Each that fails counts. Safe for use by several threads.
 */
final class BasicLogins {
  private static final String SCHEME = "Basic";

  private final LoginLimits limits;
  private final Map<Key, Shared> running = new HashMap<>();

  private record Key(BmcAddress bmc, Secret credentials) {}

  /** The requests of one key; guarded by the lock of all. */
  private static final class Shared {
    private final Attempt attempt;
    private int requests;
    private boolean failed;

    Shared(Attempt attempt) {
      this.attempt = attempt;
    }
  }

  BasicLogins(LoginLimits limits) {
    this.limits = limits;
  }

  /** Whether the request may go out; empty when it carries no such credentials. */
  Optional<Verdict> begin(Request request, Bmc bmc) {
    String basic =
        request.getHeaders().getFields(HttpHeader.AUTHORIZATION).stream()
            .map(field -> String.valueOf(field.getValue()).strip())
            .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
            .collect(Collectors.joining("\n"));
    return basic.isEmpty()
        ? Optional.empty()
        : Optional.of(begin(new Key(bmc.address(), Secret.of(basic)), bmc));
  }

  private synchronized Verdict begin(Key key, Bmc bmc) {
    Shared shared = running.get(key);
    if (shared == null) {
      Verdict verdict = limits.begin(bmc);
      if (!(verdict instanceof Allowed allowed)) {
        return verdict;
      }
      shared = new Shared(allowed.attempt());
      running.put(key, shared);
    }
    shared.requests++;
    Shared taken = shared;
    AtomicBoolean over = new AtomicBoolean();
    return new Allowed(
        failed -> {
          if (over.compareAndSet(false, true)) {
            over(key, bmc, taken, failed);
          }
        });
  }

  private synchronized void over(Key key, Bmc bmc, Shared shared, boolean failed) {
    shared.requests--;
    if (failed && shared.failed && limits.begin(bmc) instanceof Allowed again) {
      again.attempt().over(/* failed= */ true);
    }
    if (failed || shared.requests == 0) {
      // What comes with them from now on is asked about anew.
      running.remove(key, shared);
      shared.failed |= failed;
      shared.attempt.over(failed);
    }
  }
}
