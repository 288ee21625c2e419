package io.github.bmcgateway.sim.ilo5;

/** How the console greets a viewer that has shown a right key: one byte on the wire. */
public enum ConsoleAnswer {
  /** The picture follows. */
  OK(0x52),
  /** No right to the console; closed. */
  DENIED(0x51),
  /** Taken; the viewer may seize or share it. */
  BUSY(0x53),
  /** Needs a licence; closed. */
  NO_LICENCE(0x57),
  /** As many viewers as fit; closed. */
  NO_SESSIONS(0x58),
  /** Taken and shared already; the viewer may seize or share it. */
  BUSY_SHARED(0x59);

  private final int code;

  ConsoleAnswer(int code) {
    this.code = code;
  }

  byte[] bytes() {
    return new byte[] {(byte) code};
  }

  boolean asksBack() {
    return this == BUSY || this == BUSY_SHARED;
  }
}
