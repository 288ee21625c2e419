package io.github.bmcgateway.policy;

import io.github.bmcgateway.config.RedisAddress;
import io.github.bmcgateway.config.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.params.SetParams;

/**
 * What is asked of a Redis or Valkey server, 5 or newer. Each method waits for its answer, for a
 * second or so at most, and throws a {@link RuntimeException} of the client's when none comes. Safe
 * for use by several threads; has none of its own.
 *
 * <p>The log of what nodes tell each other is a sorted set of texts by number, and another by the
 * time until which each is kept. The numbers begin with the server's time in microseconds: a server
 * that has lost everything goes on with higher ones.
 */
final class SharedMemory implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 500;
  private static final int MAX_CONNECTIONS = 8;
  private static final int BATCH = 500;
  private static final String USED = "bmc-gateway:used:";
  private static final String LOG = "bmc-gateway:told:log";
  private static final String EXPIRY = "bmc-gateway:told:expiry";
  private static final String NUMBER = "bmc-gateway:told:number";

  /** In one step, since a reader that sees a number must have seen all lower ones. */
  private static final String TELL =
      """
      local time = redis.call('TIME')
      local anew = redis.call('EXISTS', KEYS[3]) == 0
      if anew then
        redis.call('SET', KEYS[3], string.format('%.0f', time[1] * 1000000 + time[2]))
      end
      for i = 1, #ARGV, 2 do
        if not redis.call('ZSCORE', KEYS[1], ARGV[i]) then
          local number = redis.call('INCR', KEYS[3])
          redis.call('ZADD', KEYS[1], string.format('%.0f', number), ARGV[i])
          redis.call('ZADD', KEYS[2], ARGV[i + 1], ARGV[i])
        end
      end
      local now = string.format('%.0f', time[1] * 1000)
      for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 1000)) do
        redis.call('ZREM', KEYS[1], old)
        redis.call('ZREM', KEYS[2], old)
      end
      local longest = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2]
      if longest then
        for _, key in ipairs(KEYS) do
          redis.call('PEXPIREAT', key, longest)
        end
      end
      return anew and 1 or 0
      """;

  private final JedisPooled redis;

  /** A text of the log with its number. */
  record Told(long number, String text) {}

  /** Connects when something is asked. */
  SharedMemory(RedisAddress at) {
    redis = new JedisPooled(pool(), new HostAndPort(at.host(), at.port()), client(at));
  }

  private static JedisClientConfig client(RedisAddress at) {
    SSLParameters tls = new SSLParameters();
    // The client looks at no name otherwise: any server's certificate would do.
    tls.setEndpointIdentificationAlgorithm("HTTPS");
    return DefaultJedisClientConfig.builder()
        .connectionTimeoutMillis(TIMEOUT_MILLIS)
        .socketTimeoutMillis(TIMEOUT_MILLIS)
        .ssl(at.tls())
        .sslParameters(tls)
        .user(at.user().orElse(null))
        .password(at.password().map(SharedMemory::text).orElse(null))
        .database(at.database())
        .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
        .build();
  }

  private static String text(Secret password) {
    return new String(password.reveal(), StandardCharsets.UTF_8);
  }

  /** Without the client's own settings, which start a thread. */
  private static GenericObjectPoolConfig<Connection> pool() {
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(MAX_CONNECTIONS);
    pool.setMaxIdle(MAX_CONNECTIONS);
    pool.setMaxWait(Duration.ofMillis(TIMEOUT_MILLIS));
    // One that broke with the server would fail a command that the server could serve now.
    pool.setTestOnBorrow(true);
    pool.setJmxEnabled(false);
    return pool;
  }

  /** Marks a link as used for this long; whether it wasn't before. */
  boolean mark(String link, Duration kept) {
    SetParams onlyIfAbsent = SetParams.setParams().nx().px(kept.toMillis());
    return redis.set(USED + link, "1", onlyIfAbsent) != null;
  }

  boolean isMarked(String link) {
    return redis.exists(USED + link);
  }

  /**
   * Puts texts at the end of the log, but for those that are there.
   *
   * @param texts with the time until which each is kept
   * @return whether the log had nothing from before
   */
  boolean tell(Map<String, Instant> texts) {
    boolean anew = false;
    List<String> arguments = new ArrayList<>();
    for (Map.Entry<String, Instant> text : texts.entrySet()) {
      arguments.add(text.getKey());
      arguments.add(Long.toString(text.getValue().toEpochMilli()));
      if (arguments.size() == 2 * BATCH) {
        anew |= append(arguments);
        arguments.clear();
      }
    }
    if (!arguments.isEmpty()) {
      anew |= append(arguments);
    }
    return anew;
  }

  private boolean append(List<String> arguments) {
    Object anew = redis.eval(TELL, List.of(LOG, EXPIRY, NUMBER), List.copyOf(arguments));
    return Long.valueOf(1).equals(anew);
  }

  /** The number of the last text; 0 when nothing is there. */
  long latest() {
    return Optional.ofNullable(redis.get(NUMBER)).map(Long::parseLong).orElse(0L);
  }

  /** What comes after this number, a part of it at a time; empty at the end. */
  List<Told> after(long number) {
    return redis.zrangeByScoreWithScores(LOG, "(" + number, "+inf", 0, BATCH).stream()
        .map(each -> new Told((long) each.getScore(), each.getElement()))
        .toList();
  }

  @Override
  public void close() {
    redis.close();
  }
}
