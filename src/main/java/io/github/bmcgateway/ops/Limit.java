package io.github.bmcgateway.ops;

import java.util.Locale;

/** A bound on how often or how much, for metrics: over it a client is answered 429. */
public enum Limit {
  /** Requests for the session link from one client. */
  LINKS,
  /** Failed logins at one BMC. */
  LOGINS,
  /** Wrong admin keys from one client. */
  ADMIN_KEYS,
  /** Consoles of one session. */
  CONSOLES;

  /** The label's value. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
