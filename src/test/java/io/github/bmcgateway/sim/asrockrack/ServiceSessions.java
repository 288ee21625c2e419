package io.github.bmcgateway.sim.asrockrack;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who uses which service: web sessions, consoles, media. A console stays listed for 30 minutes
 * after its socket has gone, unless it is deleted. Thread-safe.
 */
final class ServiceSessions {

  static final int WEB = 1;
  static final int KVM = 2;
  static final int CD = 4;
  static final int HARD_DISK = 16;

  private static final Duration LINGER = Duration.ofMinutes(30);

  private record Entry(int id, int service, String address) {}

  private final WebSessions web;
  private final Clock clock;
  private final Map<Entry, Instant> ends = new HashMap<>();
  private int issued = 100;

  ServiceSessions(WebSessions web, Clock clock) {
    this.web = web;
    this.clock = clock;
  }

  /** Lists a new user of a service; returns its number. */
  synchronized int begin(int service, String address) {
    issued++;
    ends.put(new Entry(issued, service, address), Instant.MAX);
    return issued;
  }

  /** The socket has gone; the entry stays for a while. */
  synchronized void end(int id) {
    Instant end = clock.instant().plus(LINGER);
    ends.replaceAll((entry, open) -> entry.id() == id ? end : open);
  }

  /** Deletes an entry, or a web session. */
  synchronized void delete(int id) {
    ends.keySet().removeIf(entry -> entry.id() == id);
    web.all().stream().filter(session -> session.id() == id).forEach(web::close);
  }

  synchronized List<Map<String, Object>> list(int service, String user) {
    ends.values().removeIf(end -> end.isBefore(clock.instant()));
    List<Entry> entries = new ArrayList<>(ends.keySet());
    web.all().forEach(session -> entries.add(new Entry(session.id(), WEB, session.address())));
    return entries.stream()
        .filter(entry -> entry.service() == service)
        .sorted(Comparator.comparingInt(Entry::id))
        .map(
            entry ->
                JsonText.object(
                    "session_id",
                    entry.id(),
                    "session_type",
                    entry.service(),
                    "client_ip",
                    entry.address(),
                    "user_id",
                    2,
                    "user_name",
                    user,
                    "user_privilege",
                    4))
        .toList();
  }
}
