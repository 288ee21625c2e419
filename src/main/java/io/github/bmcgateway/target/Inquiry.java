package io.github.bmcgateway.target;

import io.github.bmcgateway.target.VendorProfile.Probe;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Finds out the vendor of one BMC, with one request at a time: {@code /} first, which decides most,
 * then the profiles' other paths, until the probes of exactly one profile fit. Used once.
 */
final class Inquiry {
  private static final int MAX_PATHS = 8;
  private static final int SERVER_ERROR = 500;

  private final List<VendorProfile> profiles;
  private final Function<String, CompletableFuture<ProbeAnswer>> asker;
  private final Iterator<String> paths;
  private Optional<CompletableFuture<Optional<ProbeAnswer>>> unknownPath = Optional.empty();
  private boolean troubled;

  /** What came of it. */
  sealed interface Outcome {
    /** The vendor is known. */
    record Found(VendorProfile profile) implements Outcome {}

    /** No profile fits, or several do. */
    record NoneFits() implements Outcome {}

    /** The same, but the BMC left probes unanswered or isn't up yet: another time it may differ. */
    record Troubled() implements Outcome {}
  }

  private record Match(VendorProfile profile, Probe probe) {}

  /**
   * @param profiles the profiles that are tried
   * @param asker asks the BMC for a path
   */
  Inquiry(List<VendorProfile> profiles, Function<String, CompletableFuture<ProbeAnswer>> asker) {
    this.profiles = profiles;
    this.asker = asker;
    this.paths =
        profiles.stream()
            .flatMap(profile -> profile.detect().stream())
            .map(Probe::path)
            .filter(path -> !"/".equals(path))
            .distinct()
            .limit(MAX_PATHS)
            .iterator();
  }

  /** Asks. Fails when the BMC doesn't answer for {@code /}. */
  CompletableFuture<Outcome> start() {
    return asker
        .apply("/")
        .thenCompose(
            answer -> {
              troubled = answer.status() >= SERVER_ERROR;
              return judge("/", answer);
            })
        .thenCompose(this::orNext);
  }

  private CompletableFuture<Outcome> orNext(Optional<VendorProfile> found) {
    if (found.isPresent()) {
      return CompletableFuture.completedFuture(new Outcome.Found(found.get()));
    }
    if (!paths.hasNext()) {
      return CompletableFuture.completedFuture(
          troubled ? new Outcome.Troubled() : new Outcome.NoneFits());
    }
    String path = paths.next();
    return ask(path)
        .thenCompose(
            answer -> {
              troubled |= answer.isEmpty();
              return answer
                  .map(given -> judge(path, given))
                  .orElse(CompletableFuture.completedFuture(Optional.empty()));
            })
        .thenCompose(this::orNext);
  }

  /** The one profile for which the answer speaks. */
  private CompletableFuture<Optional<VendorProfile>> judge(String path, ProbeAnswer answer) {
    List<Match> matches =
        profiles.stream()
            .flatMap(profile -> profile.detect().stream().map(probe -> new Match(profile, probe)))
            .filter(match -> match.probe().path().equals(path) && answer.fits(match.probe()))
            .toList();
    if (matches.stream().allMatch(match -> match.probe().anywhere())) {
      return CompletableFuture.completedFuture(only(matches));
    }
    return askUnknownPath()
        .thenApply(
            any -> only(matches.stream().filter(match -> isTelling(match.probe(), any)).toList()));
  }

  /** An answer that is given to any path tells nothing, unless that is the vendor's way. */
  private static boolean isTelling(Probe probe, Optional<ProbeAnswer> any) {
    return probe.anywhere() || any.stream().noneMatch(answer -> answer.fits(probe));
  }

  private static Optional<VendorProfile> only(List<Match> matches) {
    List<VendorProfile> fitting = matches.stream().map(Match::profile).distinct().toList();
    return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
  }

  private CompletableFuture<Optional<ProbeAnswer>> askUnknownPath() {
    CompletableFuture<Optional<ProbeAnswer>> asked =
        unknownPath.orElseGet(() -> ask("/" + UUID.randomUUID()));
    unknownPath = Optional.of(asked);
    return asked;
  }

  private CompletableFuture<Optional<ProbeAnswer>> ask(String path) {
    return asker.apply(path).handle((answer, failure) -> Optional.ofNullable(answer));
  }
}
