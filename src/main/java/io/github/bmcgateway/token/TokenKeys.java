package io.github.bmcgateway.token;

import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.JwkSetLocation;
import io.github.bmcgateway.config.KeyFile;
import io.github.bmcgateway.config.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that tokens may be signed with: secrets, and the public keys of a JWK set. Files are
 * looked at every second and a URL is fetched in the background, until this is closed. Safe for use
 * by several threads.
 */
public final class TokenKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);
  private static final String SECRETS = "token.key";
  private static final String JWKS = "token.jwks";
  private static final long LOOK_MILLIS = 1_000;
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

  private final List<KeySource> sources;
  private final List<AutoCloseable> owned;

  private TokenKeys(List<KeySource> sources, List<AutoCloseable> owned) {
    this.sources = List.copyOf(sources);
    this.owned = List.copyOf(owned);
  }

  /**
   * Secrets that never change.
   *
   * @throws IllegalArgumentException a key is shorter than 32 bytes
   */
  public static TokenKeys of(List<Secret> secrets) {
    KeyRing ring = KeyRing.ofSecrets(secrets);
    return new TokenKeys(List.of(() -> ring), List.of());
  }

  /** Keys of these sources, which are looked at by nobody. */
  static TokenKeys of(KeySource... sources) {
    return new TokenKeys(List.of(sources), List.of());
  }

  /**
   * The keys of these settings. A URL that can't be reached doesn't fail; {@link #missing()} tells
   * until it is.
   *
   * @throws InvalidKeysException a file can't be read, or what it holds is refused
   */
  public static TokenKeys open(GatewayConfig.Token config) throws InvalidKeysException {
    List<KeySource> sources = new ArrayList<>(files(config));
    if (config.keyFile().isEmpty()) {
      KeyRing ring = KeyRing.ofSecrets(config.keys());
      sources.add(() -> ring);
    }
    List<AutoCloseable> owned = new ArrayList<>();
    if (config.jwks().orElse(null) instanceof JwkSetLocation.AtUrl url) {
      JwkSetFetch fetch = new JwkSetFetch(url.uri(), FETCH_TIMEOUT);
      owned.add(fetch);
      sources.add(new UrlKeys(JWKS, fetch::get, System::nanoTime));
    }
    if (config.keyFile().isPresent() || config.jwks().isPresent()) {
      owned.add(watch(sources));
    }
    return new TokenKeys(sources, owned);
  }

  /**
   * Checks what {@link #open} would refuse, and starts nothing.
   *
   * @throws InvalidKeysException a file can't be read, or what it holds is refused
   */
  public static void check(GatewayConfig.Token config) throws InvalidKeysException {
    files(config);
  }

  private static List<KeySource> files(GatewayConfig.Token config) throws InvalidKeysException {
    List<KeySource> files = new ArrayList<>();
    if (config.keyFile().isPresent()) {
      files.add(
          new FileKeys(
              SECRETS, config.keyFile().get().path(), KeyFile.MAX_BYTES, TokenKeys::secrets));
    }
    if (config.jwks().orElse(null) instanceof JwkSetLocation.InFile file) {
      files.add(new FileKeys(JWKS, file.path(), JwkSets.MAX_BYTES, JwkSets::parse));
    }
    return files;
  }

  private static KeyRing secrets(String content) throws InvalidKeysException {
    try {
      return KeyRing.ofSecrets(KeyFile.parse(content));
    } catch (ConfigException e) {
      throw new InvalidKeysException(String.join(" ", e.problems()));
    }
  }

  /** One thread of its own, as a network's file system may let a look hang. */
  private static AutoCloseable watch(List<KeySource> sources) {
    ScheduledExecutorService watcher =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "bmc-gateway-keys");
              thread.setDaemon(true);
              return thread;
            });
    watcher.scheduleWithFixedDelay(
        () -> sources.forEach(TokenKeys::look), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return watcher::shutdownNow;
  }

  private static void look(KeySource source) {
    try {
      source.look();
    } catch (RuntimeException e) {
      // What leaves a periodic task ends it: the keys would never change again.
      LOG.error("Keys could not be looked at", e);
    }
  }

  /** What is missing before tokens can be verified, in words for an operator. */
  public List<String> missing() {
    return sources.stream().map(KeySource::missing).flatMap(Optional::stream).toList();
  }

  /** Whether any key that is in force may be used with this algorithm. */
  boolean permit(String algorithm) {
    return sources.stream().anyMatch(source -> source.current().permits(algorithm));
  }

  /** The keys that may have signed a token whose header says this. */
  List<VerificationKey> find(String algorithm, Optional<String> kid) {
    List<VerificationKey> found = new ArrayList<>();
    for (KeySource source : sources) {
      found.addAll(source.current().find(algorithm, kid));
    }
    // A token without a name could be made in any number that no key fits: no reason to ask.
    if (found.isEmpty() && kid.isPresent() && JwkReader.isAlgorithm(algorithm)) {
      for (KeySource source : sources) {
        found.addAll(source.renewed().find(algorithm, kid));
      }
    }
    return found;
  }

  @Override
  public void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      try {
        owned.get(i).close();
      } catch (Exception e) {
        LOG.warn("Keys could not be closed", e);
      }
    }
  }
}
