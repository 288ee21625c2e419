package io.github.bmcgateway.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bmcgateway.config.IpAddresses;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The written form of a {@link Revocation}: a JSON object with one of {@code jti}, {@code sub} and
 * {@code bmc}, and optionally {@code before} and {@code reason}. Immutable; safe for use by several
 * threads.
 */
public final class RevocationJson {
  /** As long as a token can be. */
  private static final int MAX_VALUE = 4_000;

  private static final int MAX_REASON = 256;
  private static final Duration FARTHEST = Duration.ofDays(366);
  private static final String BEFORE = "before";
  private static final String REASON = "reason";
  private static final Set<String> NAMES = Set.of("jti", "sub", "bmc", BEFORE, REASON);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Clock clock;

  /**
   * @param clock tells the time that stands for a missing {@code before}
   */
  public RevocationJson(Clock clock) {
    this.clock = clock;
  }

  /**
   * Reads one revocation. Nothing in it is ignored: a name that isn't known is refused.
   *
   * @throws InvalidRevocationException the text isn't one
   */
  public Revocation read(String text) throws InvalidRevocationException {
    ObjectNode json = object(text);
    if (json.propertyStream().anyMatch(member -> !NAMES.contains(member.getKey()))) {
      throw new InvalidRevocationException(
          "it has a member other than jti, sub, bmc, before and reason");
    }
    List<Revocation.Kind> kinds =
        Arrays.stream(Revocation.Kind.values()).filter(kind -> json.has(kind.label())).toList();
    if (kinds.size() != 1) {
      throw new InvalidRevocationException("it needs exactly one of jti, sub and bmc");
    }
    Revocation.Kind kind = kinds.get(0);
    return new Revocation(kind, value(json, kind), before(json), reason(json));
  }

  private static ObjectNode object(String text) throws InvalidRevocationException {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // Its message would quote the text.
    }
    throw new InvalidRevocationException("it isn't a JSON object");
  }

  private static String value(ObjectNode json, Revocation.Kind kind)
      throws InvalidRevocationException {
    String value = text(json, kind.label(), MAX_VALUE).orElse("");
    if (kind != Revocation.Kind.BMC) {
      return value;
    }
    return IpAddresses.parse(value)
        .map(IpAddresses::format)
        .orElseThrow(() -> new InvalidRevocationException("bmc isn't an IP address"));
  }

  private Instant before(ObjectNode json) throws InvalidRevocationException {
    Instant now = clock.instant();
    Optional<String> text = text(json, BEFORE, MAX_REASON);
    try {
      Instant before = text.map(Instant::parse).orElse(now);
      if (!before.isAfter(now.plus(FARTHEST))) {
        return before;
      }
    } catch (DateTimeException e) {
      throw new InvalidRevocationException("before isn't an instant such as 2026-11-22T12:00:00Z");
    }
    throw new InvalidRevocationException("before lies more than a year ahead");
  }

  private static Optional<String> reason(ObjectNode json) throws InvalidRevocationException {
    Optional<String> reason = text(json, REASON, MAX_REASON);
    if (reason.isPresent() && reason.get().chars().anyMatch(Character::isISOControl)) {
      throw new InvalidRevocationException("reason has a control character");
    }
    return reason;
  }

  private static Optional<String> text(ObjectNode json, String name, int max)
      throws InvalidRevocationException {
    JsonNode node = json.get(name);
    if (node == null) {
      return Optional.empty();
    }
    String text = node.isTextual() ? node.textValue() : "";
    if (text.isEmpty() || text.length() > max) {
      throw new InvalidRevocationException(name + " isn't a text of 1 to " + max + " characters");
    }
    return Optional.of(text);
  }

  /** The members of the written form. */
  public static Map<String, String> members(Revocation revocation) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put(revocation.kind().label(), revocation.value());
    members.put(BEFORE, revocation.before().toString());
    revocation.reason().ifPresent(reason -> members.put(REASON, reason));
    return members;
  }

  /** One line, without its end. */
  static String line(Revocation revocation) {
    try {
      return MAPPER.writeValueAsString(members(revocation));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Texts have a JSON form", e);
    }
  }
}
