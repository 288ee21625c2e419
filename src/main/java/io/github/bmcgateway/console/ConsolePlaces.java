package io.github.bmcgateway.console;

import io.github.bmcgateway.config.GatewayConfig.ConsoleLimits;
import io.github.bmcgateway.ops.Failure;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcGate;
import io.github.bmcgateway.target.BmcGate.Permit;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.LiveSession.Kind;
import io.github.bmcgateway.target.LiveSession.Registration;
import io.github.bmcgateway.target.LiveSession.Work;
import io.github.bmcgateway.target.Upstream;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Bounds the sockets that are open or being opened: of one session, at one BMC, in all. A place is
 * taken before anything is dialled and held until both sides are gone. The limits are asked for at
 * each upgrade, so they may change; what is open stays open. Safe for use by several threads.
 */
final class ConsolePlaces {
  private final BmcGate gate;
  private final Supplier<ConsoleLimits> limits;
  private final Map<Bmc, Integer> atBmcs = new HashMap<>();
  private int inAll;

  /**
   * A BMC by where, and from which region, it is dialled: the names that tokens give it make no
   * difference to it.
   */
  private record Bmc(InetAddress ip, int port, Optional<String> region) {
    static Bmc of(BmcRequest to) {
      BmcAddress address = to.bmc().address();
      return new Bmc(address.ip(), address.port(), to.upstream().map(Upstream::host));
    }
  }

  /** What came of asking for a place. */
  sealed interface Place {
    /** It is there until the registration is closed. */
    record Taken(Registration registration) implements Place {}

    /** There is none. */
    record Refused(Failure why) implements Place {}
  }

  /**
   * @param gate bounds the sockets of a BMC by what its vendor's profile says
   */
  ConsolePlaces(BmcGate gate, Supplier<ConsoleLimits> limits) {
    this.gate = gate;
    this.limits = limits;
  }

  /** Takes a place for a console and registers it with its session. */
  synchronized Place take(BmcRequest to, Work console) {
    ConsoleLimits now = limits.get();
    Bmc bmc = Bmc.of(to);
    if (to.session().running(Kind.CONSOLE) >= now.perSession()) {
      return new Place.Refused(Failure.TOO_MANY_CONSOLES);
    }
    if (inAll >= now.inAll()) {
      return new Place.Refused(Failure.ALL_CONSOLES_TAKEN);
    }
    if (atBmcs.getOrDefault(bmc, 0) >= now.perBmc()) {
      return new Place.Refused(Failure.BUSY);
    }
    Optional<Permit> permit = to.gate(gate).socket(to.bmc());
    if (permit.isEmpty()) {
      return new Place.Refused(Failure.BUSY);
    }
    Optional<Registration> registration = to.session().register(Kind.CONSOLE, console);
    if (registration.isEmpty()) {
      permit.get().close();
      return new Place.Refused(Failure.EXPIRED_TOKEN);
    }
    inAll++;
    atBmcs.merge(bmc, 1, Integer::sum);
    return new Place.Taken(held(bmc, registration.get(), permit.get()));
  }

  /** Places that are taken. */
  synchronized int taken() {
    return inAll;
  }

  private Registration held(Bmc bmc, Registration registration, Permit permit) {
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (left.compareAndSet(false, true)) {
        leave(bmc);
        registration.close();
        permit.close();
      }
    };
  }

  private synchronized void leave(Bmc bmc) {
    inAll--;
    atBmcs.computeIfPresent(bmc, (key, count) -> count == 1 ? null : count - 1);
  }
}
