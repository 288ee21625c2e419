package io.github.bmcgateway.sim.idrac9;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a viewer's byte stream into messages: those of RFC 6143, section 7.5, and Dell's type 247.
 * WebSocket messages need not end where these end. Not thread-safe.
 */
final class ClientMessages {

  static final int SET_PIXEL_FORMAT = 0;
  static final int SET_ENCODINGS = 2;
  static final int UPDATE_REQUEST = 3;
  static final int KEY = 4;
  static final int POINTER = 5;
  static final int CUT_TEXT = 6;
  static final int DELL = 247;
  static final int KEY_ANSWER = 179;

  private static final int UNKNOWN_YET = -1;

  private byte[] pending = new byte[0];

  /**
   * Takes bytes and gives the messages that are now whole.
   *
   * @throws IllegalArgumentException if a message has an unknown type
   */
  List<byte[]> feed(byte[] bytes) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(pending);
    joined.writeBytes(bytes);
    pending = joined.toByteArray();
    List<byte[]> messages = new ArrayList<>();
    int start = 0;
    while (start < pending.length) {
      int length = length(start);
      if (length == UNKNOWN_YET || start + length > pending.length) {
        break;
      }
      messages.add(Arrays.copyOfRange(pending, start, start + length));
      start += length;
    }
    pending = Arrays.copyOfRange(pending, start, pending.length);
    return messages;
  }

  private int length(int at) {
    return switch (pending[at] & 0xFF) {
      case SET_PIXEL_FORMAT -> 20;
      case SET_ENCODINGS -> has(at, 4) ? 4 + 4 * (u8(at + 2) << 8 | u8(at + 3)) : UNKNOWN_YET;
      case UPDATE_REQUEST -> 10;
      case KEY -> 8;
      case POINTER -> 6;
      case CUT_TEXT -> has(at, 8) ? 8 + (u8(at + 6) << 8 | u8(at + 7)) : UNKNOWN_YET;
      case DELL -> has(at, 2) ? dellLength(at) : UNKNOWN_YET;
      default -> throw new IllegalArgumentException("message type " + u8(at));
    };
  }

  private int dellLength(int at) {
    if (u8(at + 1) == KEY_ANSWER) {
      return 34;
    }
    if (!has(at, 3)) {
      return UNKNOWN_YET;
    }
    return switch (u8(at + 2)) {
      case 0xF0, 0xF1 -> 4;
      case 0xF3 -> has(at, 5) ? 5 + (u8(at + 3) | u8(at + 4) << 8) : UNKNOWN_YET;
      case 0xF5 -> 8;
      case 0xF6, 0xF8, 0xF9, 0xFA, 0xFC -> 3;
      case 0xFB -> has(at, 4) ? 4 + u8(at + 3) : UNKNOWN_YET;
      default -> throw new IllegalArgumentException("Dell subcommand " + u8(at + 2));
    };
  }

  private boolean has(int at, int bytes) {
    return pending.length - at >= bytes;
  }

  private int u8(int at) {
    return pending[at] & 0xFF;
  }
}
