package io.github.bmcgateway.entry;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.ops.Audit;
import io.github.bmcgateway.policy.EndedSessions;
import io.github.bmcgateway.policy.LiveSessions;
import io.github.bmcgateway.policy.Nodes;
import io.github.bmcgateway.policy.RememberedEnds;
import io.github.bmcgateway.policy.RememberedRevocations;
import io.github.bmcgateway.policy.RememberedUses;
import io.github.bmcgateway.policy.Revocation;
import io.github.bmcgateway.policy.RevocationFile;
import io.github.bmcgateway.policy.RevocationJson;
import io.github.bmcgateway.policy.Revocations;
import io.github.bmcgateway.policy.Revoker;
import io.github.bmcgateway.policy.UsedLinks;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * What a gateway knows of sessions and links: what runs, and what has ended, was used or was taken
 * back, here or at its other nodes. Safe for use by several threads.
 *
 * @param nodes the gateway's other nodes, if it shares anything with them
 * @param file revocations that outlive the process, if there is a place for them
 */
record KnownSessions(
    LiveSessions live,
    EndedSessions ended,
    UsedLinks used,
    Revocations revocations,
    Revoker revoker,
    RevocationJson json,
    Optional<Nodes> nodes,
    Optional<RevocationFile> file)
    implements AutoCloseable {
  private static final int REMEMBERED_ENDS = 100_000;
  private static final int REMEMBERED_USES = 100_000;
  private static final int REMEMBERED_REVOCATIONS = 10_000;

  /** How far the clocks of token issuers may be ahead. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  private static final Duration FILE_INTERVAL = Duration.ofSeconds(1);

  /**
   * Knows nothing yet.
   *
   * @param config the settings that the gateway starts with
   * @param longest the longest life of a token, as it is set now
   * @param audit is told of what ends and what is taken back
   * @param scheduler sees to expiries; owned by the caller
   */
  static KnownSessions open(
      GatewayConfig config,
      Supplier<Duration> longest,
      Audit audit,
      ScheduledExecutorService scheduler,
      Clock clock) {
    Supplier<Duration> retention = () -> longest.get().plus(SKEW.multipliedBy(2));
    RememberedEnds ownEnds = new RememberedEnds(REMEMBERED_ENDS, clock);
    Revocations revocations = new RememberedRevocations(REMEMBERED_REVOCATIONS, retention, clock);
    Optional<Nodes> nodes =
        config.gateway().shared().map(at -> new Nodes(at, ownEnds, revocations, retention, clock));
    EndedSessions ended = nodes.map(Nodes::ends).orElse(ownEnds);
    LiveSessions live =
        new LiveSessions(
            ended,
            revocations,
            (session, end) -> audit.tell(AuditTrail.ended(session, end)),
            clock,
            scheduler);
    Revoker revoker = new Revoker(revocations, live, audit);
    RevocationJson json = new RevocationJson(clock);
    return new KnownSessions(
        live,
        ended,
        nodes.map(Nodes::uses).orElseGet(() -> new RememberedUses(REMEMBERED_USES, clock)),
        revocations,
        revoker,
        json,
        nodes,
        config
            .admin()
            .revocations()
            .map(file -> new RevocationFile(file, json, each -> revoke(each, revoker, nodes))));
  }

  private static Revocations.Outcome revoke(
      Revocation revocation, Revoker revoker, Optional<Nodes> nodes) {
    Revocations.Outcome outcome = revoker.revoke(revocation);
    nodes.ifPresent(others -> others.tellLater(revocation));
    return outcome;
  }

  /** Begins to hear of what ends elsewhere. */
  void start() {
    nodes.ifPresent(others -> others.start(revoker::revoke, live::cutEnded));
    file.ifPresent(revoked -> revoked.watch(FILE_INTERVAL));
  }

  /** The admin endpoint, for who has this key. */
  AdminFilter admin(Secret key, Clock clock) {
    return new AdminFilter(new AdminKey(key, clock), json, revocations, revoker, nodes, file);
  }

  /** Ends what runs, and what was begun with {@link #start}. */
  @Override
  public void close() {
    live.shutDown();
    file.ifPresent(RevocationFile::close);
    nodes.ifPresent(Nodes::close);
  }
}
