package io.github.bmcgateway.console;

import java.nio.ByteBuffer;

/**
 * One piece of a message, or a whole one.
 *
 * @param kind the kind of the message that it belongs to
 * @param bytes the payload; only valid until the piece was handed on
 * @param last whether it completes the message
 */
record Part(Kind kind, ByteBuffer bytes, boolean last) {
  enum Kind {
    TEXT,
    BINARY
  }
}
