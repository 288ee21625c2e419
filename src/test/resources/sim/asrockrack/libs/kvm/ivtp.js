'use strict';

// Packets of the console: command, length of the payload, status, payload; little-endian.
const Ivtp = {
  HID: 0x01, RESUME_REDIRECTION: 0x06, STOP_SESSION: 0x08, GET_FULL_SCREEN: 0x0b, VALIDATE_VIDEO_SESSION: 0x12,
  VALIDATED: 0x13, CONNECTION_ALLOWED: 0x17, VIDEO_PACKETS: 0x19, POWER_STATUS: 0x22, DISPLAY_LOCK_SET: 0x33,
  KEEP_ALIVE: 0x39, CONNECTION_COMPLETE: 0x3a, CONNECTION_FAILED: 0x3b,

  packet(command, status = 0, payload = new Uint8Array(0)) {
    const bytes = new Uint8Array(8 + payload.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, command, true);
    view.setUint32(2, payload.length, true);
    view.setUint16(6, status, true);
    bytes.set(payload, 8);
    return bytes;
  },

  // The flag, then texts in fields of fixed width: token, client, user, MAC address, server.
  validation({ token, client_ip, server_ip }, user) {
    const payload = new Uint8Array(438);
    payload[0] = 1;
    const encoder = new TextEncoder();
    const fields = [[token, 1], [client_ip, 130], [user, 195], ['00-00-00-00-00-00', 324], [server_ip, 373]];
    for (const [text, offset] of fields) {
      payload.set(encoder.encode(text), offset);
    }
    return payload;
  },

  // An input report in its frame, with the checksum over the frame's head.
  input(protocol, report) {
    const frame = new Uint8Array(33 + report.length);
    frame.set(new TextEncoder().encode('IUSB    '));
    frame[8] = 1;
    frame[10] = 32;
    frame[12] = 1 + report.length;
    frame[18] = protocol;
    frame[32] = report.length;
    frame.set(report, 33);
    frame[11] = -frame.subarray(0, 32).reduce((sum, value) => sum + value, 0);
    return frame;
  },
};
