package io.github.bmcgateway.policy;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who waits for a BMC, each session in a line of its own; the lines take turns. Not safe for use by
 * several threads.
 *
 * @param <W> one who waits
 */
final class WaitingRoom<W> {
  /** In the order in which the lines come next. */
  private final Map<String, Deque<W>> lines = new LinkedHashMap<>();

  private int size;

  int size() {
    return size;
  }

  void add(String session, W waiter) {
    lines.computeIfAbsent(session, id -> new ArrayDeque<>()).add(waiter);
    size++;
  }

  /** Takes one out of turn; says whether it was here. */
  boolean remove(String session, W waiter) {
    Deque<W> line = lines.get(session);
    if (line == null || !line.remove(waiter)) {
      return false;
    }
    size--;
    if (line.isEmpty()) {
      lines.remove(session);
    }
    return true;
  }

  /** Whose turn it is; it stays. */
  Optional<W> first() {
    Iterator<Deque<W>> each = lines.values().iterator();
    return each.hasNext() ? Optional.of(each.next().getFirst()) : Optional.empty();
  }

  /** Takes out whose turn it is, and sends its session's line to the end. */
  void takeFirst() {
    Iterator<Map.Entry<String, Deque<W>>> each = lines.entrySet().iterator();
    Map.Entry<String, Deque<W>> next = each.next();
    each.remove();
    String session = next.getKey();
    Deque<W> line = next.getValue();
    line.removeFirst();
    size--;
    if (!line.isEmpty()) {
      lines.put(session, line);
    }
  }

  /** The last of the longest line, if that is longer than the newcomer's would become. */
  Optional<W> whoMakesRoomFor(String newcomer) {
    int own = lines.getOrDefault(newcomer, new ArrayDeque<>()).size() + 1;
    return lines.values().stream()
        .max(Comparator.comparingInt(Deque::size))
        .filter(longest -> longest.size() > own)
        .map(Deque::getLast);
  }
}
