package io.github.bmcgateway.cli;

import io.github.bmcgateway.config.ConfigException;
import io.github.bmcgateway.config.ConfigLoader;
import io.github.bmcgateway.config.Durations;
import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.HostPattern;
import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.config.JwkSetLocation;
import io.github.bmcgateway.policy.Scope;
import io.github.bmcgateway.target.Authority;
import io.github.bmcgateway.target.InvalidProfileException;
import io.github.bmcgateway.target.ScopeRule;
import io.github.bmcgateway.target.VendorProfiles;
import io.github.bmcgateway.token.InvalidKeysException;
import io.github.bmcgateway.token.TokenKeys;
import io.github.bmcgateway.token.TokenResult;
import io.github.bmcgateway.token.TokenVerifier;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints a token, or a whole session link, signed with the first key of the settings. */
@Command(
    name = "token",
    sortOptions = false,
    description = {
      "Prints a token for one BMC, or with --link the whole session link.",
      "It is signed with the first secret of the settings (JWT_KEY, or token.key of gateway.yaml),",
      "or with the private key of --jwk."
    })
final class TokenCommand implements Callable<Integer> {
  private final ConfigLoader loader;
  private final Clock clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--ip",
      required = true,
      paramLabel = "ADDRESS",
      description = "Address of the BMC; never a name.")
  private String ip = "";

  @Option(names = "--port", description = "Port of the BMC (default: 443).")
  private Optional<Integer> port = Optional.empty();

  @Option(
      names = "--console-port",
      paramLabel = "PORT",
      description = "Port of the BMC's console (default: the vendor profile's).")
  private Optional<Integer> consolePort = Optional.empty();

  @Option(
      names = "--host",
      description = "The authority that the BMC knows itself by (default: its address).")
  private Optional<String> host = Optional.empty();

  @Option(
      names = "--vendor",
      description = "Vendor of the BMC, such as idrac9 (default: detected).")
  private Optional<String> vendor = Optional.empty();

  @Option(
      names = "--upstream",
      paramLabel = "HOST",
      description = "Host name of the gateway nearest to the BMC.")
  private Optional<String> upstream = Optional.empty();

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      defaultValue = "30m",
      description = "How long the token is valid, such as 30m or 8h (default: ${DEFAULT-VALUE}).")
  private String ttl = "";

  @Option(
      names = "--scope",
      paramLabel = "RULE",
      description = {
        "What the session may do: console, read, media or firmware, or a rule such as",
        "'GET,HEAD /redfish/**'; repeated, the first that matches counts (default: everything)."
      })
  private List<String> scope = new ArrayList<>();

  @Option(names = "--once", description = "The link works once, after a click on its page.")
  private boolean once;

  @Option(names = "--sub", paramLabel = "WHO", description = "Who the token is for; for the audit.")
  private Optional<String> subject = Optional.empty();

  @Option(
      names = "--aud",
      paramLabel = "HOST",
      description =
          "Public host where the token is valid; may be repeated (default: that of --link).")
  private List<String> audience = new ArrayList<>();

  @Option(
      names = "--jwk",
      paramLabel = "FILE",
      description = {
        "File with a private JWK (RSA, EC or Ed25519) to sign with in place of a secret; its public",
        "half belongs into the gateway's JWK set."
      })
  private Optional<Path> jwk = Optional.empty();

  @Option(
      names = "--alg",
      paramLabel = "NAME",
      description = "Algorithm of the signature with --jwk (default: the JWK's, else by its kind).")
  private Optional<String> algorithm = Optional.empty();

  @Option(
      names = "--link",
      paramLabel = "URL",
      description = "Public address of the gateway, such as https://pm.example.com.")
  private Optional<String> link = Optional.empty();

  TokenCommand(ConfigLoader loader, Clock clock) {
    this.loader = loader;
    this.clock = clock;
  }

  @Override
  public Integer call() throws ConfigException, CommandFailedException {
    Duration lifetime = lifetime();
    Optional<SessionLink> publicLink = publicLink();
    GatewayConfig config = loader.load();
    SigningKey key = signingKey(config.token());
    TokenClaims claims = claims(config, publicLink);
    checkLifetime(lifetime, config);
    warnOfTarget(claims, config);
    String token = new TokenMinter(key, clock).mint(claims, lifetime);
    verify(token, key, config.token());
    String path = config.session().path();
    out().println(publicLink.map(origin -> origin.to(path, token)).orElse(token));
    return 0;
  }

  private TokenClaims claims(GatewayConfig config, Optional<SessionLink> publicLink)
      throws CommandFailedException {
    audience.forEach(name -> checkHost("--aud", name));
    upstream.ifPresent(name -> checkHost("--upstream", name));
    List<String> hosts =
        audience.isEmpty() ? publicLink.map(SessionLink::host).stream().toList() : audience;
    return new TokenClaims(
        address(),
        checkedPort("--port", port),
        checkedPort("--console-port", consolePort),
        checkedAuthority(),
        upstream,
        checkedVendor(config.bmc()),
        config.token().issuer(),
        subject,
        once,
        Stream.concat(config.token().audience().stream(), hosts.stream()).distinct().toList(),
        checkedScope());
  }

  private InetAddress address() {
    return IpAddresses.parse(ip)
        .orElseThrow(() -> usage("--ip", ip, "an IP address such as 10.0.0.5 or fd00::5"));
  }

  private Optional<Integer> checkedPort(String option, Optional<Integer> given) {
    if (given.isPresent() && (given.get() < 1 || given.get() > 65_535)) {
      throw usage(option, given.get().toString(), "a port from 1 to 65535");
    }
    return given;
  }

  private void checkHost(String option, String name) {
    if (name.startsWith("*") || HostPattern.parse(name).isEmpty()) {
      throw usage(option, name, "a host name without a port, such as pm.example.com");
    }
  }

  private Optional<String> checkedAuthority() {
    if (host.isPresent() && Authority.parse(host.get()).isEmpty()) {
      throw usage("--host", host.get(), "an address or name, with a port where one is needed");
    }
    return host;
  }

  private Optional<String> checkedVendor(GatewayConfig.Bmc config) throws CommandFailedException {
    try {
      if (VendorProfiles.of(config).find(vendor).isEmpty()) {
        throw usage("--vendor", vendor.orElse(""), "the name of a vendor profile, such as idrac9");
      }
      return vendor;
    } catch (InvalidProfileException e) {
      throw new CommandFailedException(e.getMessage());
    }
  }

  private Duration lifetime() {
    return Durations.parse(ttl)
        .filter(duration -> duration.toSeconds() > 0)
        .orElseThrow(() -> usage("--ttl", ttl, "a duration of at least 1s, such as 30m or 8h"));
  }

  private Optional<SessionLink> publicLink() {
    return link.map(
        text ->
            SessionLink.parse(text)
                .orElseThrow(
                    () ->
                        usage("--link", text, "a URL without a path, as https://pm.example.com")));
  }

  private List<String> checkedScope() {
    try {
      return Scope.of(scope).entries();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--scope: %s. Accepted besides rules: %s."
              .formatted(
                  e.getMessage(),
                  ScopeRule.NAMES.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  private void checkLifetime(Duration lifetime, GatewayConfig config)
      throws CommandFailedException {
    Duration longest = config.token().maxLifetime();
    if (lifetime.compareTo(longest) > 0) {
      throw new CommandFailedException(
          "--ttl %s is longer than token.maxLifetime, %s: the gateway refuses such a token."
              .formatted(ttl, Durations.format(longest)));
    }
  }

  private SigningKey signingKey(GatewayConfig.Token config) throws CommandFailedException {
    if (jwk.isPresent()) {
      return SigningKey.ofFile(jwk.get(), algorithm);
    }
    if (algorithm.isPresent()) {
      throw usage("--alg", algorithm.get(), "only together with --jwk");
    }
    if (config.keys().isEmpty()) {
      throw new CommandFailedException(
          "There is no secret (JWT_KEY, or token.key of gateway.yaml) to sign a token with."
              + " Name a private key with --jwk.");
    }
    return SigningKey.of(config.keys().get(0));
  }

  private void verify(String token, SigningKey key, GatewayConfig.Token config)
      throws CommandFailedException {
    Optional<JwkSetLocation> set = config.jwks();
    if (!key.isSecret() && set.isEmpty()) {
      note("these settings name no JWK set (token.jwks); this gateway refuses the token.");
    } else if (!key.isSecret() && set.get() instanceof JwkSetLocation.AtUrl) {
      note("whether the key is in the JWK set was not looked up.");
    } else {
      verify(token, config);
    }
  }

  private void verify(String token, GatewayConfig.Token config) throws CommandFailedException {
    try (TokenKeys keys = TokenKeys.open(config)) {
      TokenResult result = new TokenVerifier(config, keys, clock).verify(token);
      if (result instanceof TokenResult.Invalid invalid) {
        throw new CommandFailedException(
            "The gateway would refuse this token: " + invalid.reason());
      }
    } catch (InvalidKeysException e) {
      throw new CommandFailedException(e.getMessage());
    }
  }

  private void note(String text) {
    spec.commandLine().getErr().println("Note: " + text);
  }

  private void warnOfTarget(TokenClaims claims, GatewayConfig config) {
    PrintWriter err = spec.commandLine().getErr();
    if (!config.bmc().networks().allows(claims.ip())) {
      err.println("Note: by these settings (bmc.networks), " + ip + " may not be reached.");
    }
    Stream.concat(Stream.of(claims.port().orElse(443)), claims.consolePort().stream())
        .filter(port -> !config.bmc().ports().isEmpty() && !config.bmc().ports().contains(port))
        .forEach(
            port ->
                err.println(
                    "Note: by these settings (bmc.ports), port " + port + " may not be dialled."));
  }

  private ParameterException usage(String option, String value, String accepted) {
    return new ParameterException(
        spec.commandLine(),
        "%s: \"%s\" is refused. Accepted: %s.".formatted(option, value, accepted));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
