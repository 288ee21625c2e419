package io.github.bmcgateway.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.token.Grant;
import io.github.bmcgateway.token.TokenResult;
import io.github.bmcgateway.token.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The samples of {@code links.md} make links that the gateway takes, wherever they can run. */
class LinkSamplesTest {
  private static final Path PAGE = Path.of("src/docs/links.md");
  private static final String KEY =
      "d1f0c2a49b7e836555aa01bc23de45f6789a0b1c2d3e4f5061728394a5b6c7d8";
  private static final long SECONDS = 120;

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sh, sh, link.sh",
    "js, node, link.js",
    "python, python3, link.py",
    "go, go run, link.go",
    "java, java, Link.java",
  })
  void theSampleMakesALinkThatOpensOneConsole(String language, String command, String file)
      throws Exception {
    String[] runner = command.split(" ");
    assumeTrue(isInstalled(runner[0]), runner[0] + " is not installed: sample not run");
    Files.writeString(folder.resolve(file), sample(language));

    String link = run(file, runner);

    String start = "https://pm.example.com/gpsession?token=";
    assertTrue(link.startsWith(start), link);
    Grant grant = verified(link.substring(start.length()));
    assertEquals(InetAddress.getByName("10.0.0.5"), grant.address().ip());
    assertEquals(List.of("pm.example.com"), grant.audience());
    assertEquals(Optional.of("customer-7"), grant.subject());
    assertTrue(grant.tokenId().orElse("").length() >= 32);
    Instant now = Instant.now();
    assertTrue(grant.expires().isAfter(now.plusSeconds(1_800 - SECONDS)));
    assertTrue(!grant.expires().isAfter(now.plusSeconds(1_800)));
  }

  private static Grant verified(String token) {
    GatewayConfig.Token settings =
        new GatewayConfig.Token(List.of(Secret.of(KEY)), Optional.empty(), Duration.ofDays(1));
    TokenResult result = new TokenVerifier(settings, Clock.systemUTC()).verify(token);
    return assertInstanceOf(TokenResult.Valid.class, result).grant();
  }

  private static String sample(String language) throws IOException {
    Matcher block =
        Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(Files.readString(PAGE));
    assertTrue(block.find(), "no sample in " + language);
    return block.group(1);
  }

  private String run(String file, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.command().add(file);
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "JWT_KEY", KEY,
                "GATEWAY", "pm.example.com",
                "BMC", "10.0.0.5",
                "CUSTOMER", "customer-7",
                "GOCACHE", folder.resolve("go").toString()));
    Path output = folder.resolve("output");
    Process process = builder.redirectOutput(output.toFile()).start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail("still running");
    }
    assertEquals(0, process.exitValue(), Files.readString(output));
    return Files.readString(output).strip();
  }

  private static boolean isInstalled(String command) {
    return Pattern.compile(Pattern.quote(":"))
        .splitAsStream(System.getenv("PATH"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, command)));
  }
}
