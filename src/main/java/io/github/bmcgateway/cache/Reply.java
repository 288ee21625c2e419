package io.github.bmcgateway.cache;

import java.util.Optional;

/** Which part of a kept answer a request gets (RFC 9110, sections 13 and 14). */
public sealed interface Reply {
  /** The browser's copy is still the right one: 304. */
  record NotModified() implements Reply {}

  /** All of it: 200. */
  record Whole() implements Reply {}

  /**
   * One part: 206.
   *
   * @param from its first byte
   * @param length how many there are
   */
  record Part(int from, int length) implements Reply {}

  /** There is nothing at such a place: 416. */
  record OutOfRange() implements Reply {}

  /**
   * The conditions of a request, each empty where it has none. Lines of one name are joined with
   * commas.
   */
  record Conditions(
      Optional<String> ifNoneMatch,
      Optional<String> ifModifiedSince,
      Optional<String> range,
      Optional<String> ifRange) {
    /** A request without any. */
    public static final Conditions NONE =
        new Conditions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
