package io.github.bmcgateway.token;

import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.JwkSetLocation;
import io.github.bmcgateway.config.KeyFile;
import io.github.bmcgateway.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that tokens may be signed with: secrets, and the public keys of a JWK set. What they
 * come from may change while it is used; the settings that name it don't, for other settings make
 * other keys ({@link #next}). Safe for use by several threads.
 */
public final class TokenKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);
  private static final String SECRETS = "token.key";
  private static final String JWKS = "token.jwks";
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

  private final List<Held> held;

  /**
   * A source with what it needs.
   *
   * @param setting the value of the setting that names it: an equal one names the same source
   */
  private record Held(Object setting, KeySource source, AutoCloseable resource) {
    Held(Object setting, KeySource source) {
      this(setting, source, () -> {});
    }
  }

  private TokenKeys(List<Held> held) {
    this.held = List.copyOf(held);
  }

  /**
   * Secrets that never change.
   *
   * @throws IllegalArgumentException a key is shorter than 32 bytes
   */
  public static TokenKeys of(List<Secret> secrets) {
    return new TokenKeys(List.of(secrets(secrets)));
  }

  /** Keys of these sources. */
  static TokenKeys of(KeySource... sources) {
    return new TokenKeys(Arrays.stream(sources).map(source -> new Held(source, source)).toList());
  }

  /**
   * The keys of these settings. A URL that can't be reached doesn't fail; {@link #missing()} tells
   * until it is.
   *
   * @throws InvalidKeysException a file can't be read, or what it holds is refused
   */
  public static TokenKeys open(GatewayConfig.Token config) throws InvalidKeysException {
    TokenKeys keys = of().with(config);
    keys.look();
    return keys;
  }

  /**
   * The keys of changed settings: sources that both name are shared, with what they know. The
   * caller closes one of the two, {@linkplain #closeAllBut except} for the other. Waits up to 3
   * seconds for the keys of a new URL; whether they came, {@link #missing()} tells.
   *
   * @throws InvalidKeysException a file can't be read, or what it holds is refused
   */
  public TokenKeys next(GatewayConfig.Token config) throws InvalidKeysException {
    TokenKeys next = with(config);
    next.held.stream().filter(each -> !held.contains(each)).forEach(each -> each.source.renewed());
    return next;
  }

  /**
   * Checks what {@link #open} would refuse, and starts nothing.
   *
   * @throws InvalidKeysException a file can't be read, or what it holds is refused
   */
  public static void check(GatewayConfig.Token config) throws InvalidKeysException {
    of().files(config);
  }

  private TokenKeys with(GatewayConfig.Token config) throws InvalidKeysException {
    List<Held> next = new ArrayList<>(files(config));
    if (config.keyFile().isEmpty()) {
      next.add(known(config.keys()).orElseGet(() -> secrets(config.keys())));
    }
    if (config.jwks().orElse(null) instanceof JwkSetLocation.AtUrl url) {
      next.add(known(url).orElseGet(() -> fetched(url)));
    }
    return new TokenKeys(next);
  }

  private List<Held> files(GatewayConfig.Token config) throws InvalidKeysException {
    List<Held> files = new ArrayList<>();
    if (config.keyFile().isPresent()) {
      KeyFile file = config.keyFile().get();
      files.add(file(file, SECRETS, file.path(), KeyFile.MAX_BYTES, TokenKeys::parseSecrets));
    }
    if (config.jwks().orElse(null) instanceof JwkSetLocation.InFile file) {
      files.add(file(file, JWKS, file.path(), JwkSets.MAX_BYTES, JwkSets::parse));
    }
    return files;
  }

  private Held file(Object setting, String label, Path path, int maxBytes, FileKeys.Format format)
      throws InvalidKeysException {
    Optional<Held> known = known(setting);
    return known.isPresent()
        ? known.get()
        : new Held(setting, new FileKeys(label, path, maxBytes, format));
  }

  private Optional<Held> known(Object setting) {
    return held.stream().filter(each -> each.setting.equals(setting)).findFirst();
  }

  private static Held secrets(List<Secret> secrets) {
    KeyRing ring = KeyRing.ofSecrets(secrets);
    return new Held(secrets, () -> ring);
  }

  private static Held fetched(JwkSetLocation.AtUrl url) {
    JwkSetFetch fetch = new JwkSetFetch(url.uri(), FETCH_TIMEOUT);
    return new Held(url, new UrlKeys(JWKS, fetch::get, System::nanoTime), fetch);
  }

  private static KeyRing parseSecrets(String content) throws InvalidKeysException {
    try {
      return KeyRing.ofSecrets(KeyFile.parse(content));
    } catch (ConfigException e) {
      throw new InvalidKeysException(String.join(" ", e.problems()));
    }
  }

  /**
   * Looks whether files have changed, and fetches a URL in the background when it is time. To be
   * called every second or so; may block as long as a file does. Never throws.
   */
  public void look() {
    held.forEach(each -> look(each.source));
  }

  private static void look(KeySource source) {
    try {
      source.look();
    } catch (RuntimeException e) {
      LOG.error("Keys could not be looked at", e);
    }
  }

  /** The issuer's secrets that are in force now, in the order of the setting; perhaps none. */
  public List<Secret> secrets() {
    return held.stream().flatMap(each -> each.source.current().secrets().stream()).toList();
  }

  /** What is missing before tokens can be verified, in words for an operator. */
  public List<String> missing() {
    return sources().map(KeySource::missing).flatMap(Optional::stream).toList();
  }

  /** The keys of each source that are in force; others are never equal. */
  List<KeyRing> inForce() {
    return sources().map(KeySource::current).toList();
  }

  /** Whether any key that is in force may be used with this algorithm. */
  boolean permit(String algorithm) {
    return sources().anyMatch(source -> source.current().permits(algorithm));
  }

  /** The keys that may have signed a token whose header says this. */
  List<VerificationKey> find(String algorithm, Optional<String> kid) {
    List<VerificationKey> found = new ArrayList<>();
    for (Held each : held) {
      found.addAll(each.source.current().find(algorithm, kid));
    }
    // A token without a name could be made in any number that no key fits: no reason to ask.
    if (found.isEmpty() && kid.isPresent() && JwkReader.isAlgorithm(algorithm)) {
      for (Held each : held) {
        found.addAll(each.source.renewed().find(algorithm, kid));
      }
    }
    return found;
  }

  private Stream<KeySource> sources() {
    return held.stream().map(Held::source);
  }

  @Override
  public void close() {
    closeAllBut(of());
  }

  /** Closes what these keys don't share with the others; they verify what they can until then. */
  public void closeAllBut(TokenKeys others) {
    for (Held each : held) {
      if (!others.held.contains(each)) {
        close(each.resource);
      }
    }
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.warn("Keys could not be closed", e);
    }
  }
}
