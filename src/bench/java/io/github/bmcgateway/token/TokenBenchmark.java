package io.github.bmcgateway.token;

import io.github.bmcgateway.config.GatewayConfig;
import io.github.bmcgateway.config.Secret;
import io.github.bmcgateway.testing.Tokens;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One operation finds out what a session cookie permits, as each request has to. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class TokenBenchmark {
  private static final int BMC_PORT = 443;
  private static final int SECONDS = 7200;

  /** Sessions that take turns: one, whose token is known, or more than any memory of them holds. */
  @Param({"1", "30000"})
  public int sessions;

  private List<String> tokens = List.of();
  private TokenVerifier verifier = verifier();
  private int next;

  /** Makes the tokens, with the claims that a provider's have. */
  @Setup(Level.Trial)
  public void mint() {
    verifier = verifier();
    tokens =
        IntStream.range(0, sessions)
            .mapToObj(
                i ->
                    Tokens.mint(
                        BMC_PORT,
                        SECONDS,
                        claims ->
                            claims
                                .claim("vendor", "idrac9")
                                .subject("customer-" + i)
                                .audience("pm.example.com")))
            .toList();
  }

  /** By HS256. */
  @Benchmark
  public TokenResult verify() {
    next = next + 1 < sessions ? next + 1 : 0;
    return verifier.verify(tokens.get(next));
  }

  private static TokenVerifier verifier() {
    return new TokenVerifier(
        new GatewayConfig.Token(
            List.of(Secret.of(Tokens.KEY)), Optional.empty(), Duration.ofHours(24)),
        Clock.systemUTC());
  }
}
