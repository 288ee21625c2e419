'use strict';

// The console's socket: a stream of packets, cut into messages anywhere.
class VideoSocket {
  constructor(url, settings, user, told) {
    this.settings = settings;
    this.user = user;
    this.told = told;
    this.pending = new Uint8Array(0);
    this.socket = new WebSocket(url, ['binary', 'base64']);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.told('protocol', this.socket.protocol);
    this.socket.onmessage = ({ data }) => this.bytes(new Uint8Array(data));
    this.socket.onclose = (event) => {
      clearInterval(this.timer);
      this.told('closed', `${event.code} ${event.reason}`.trim());
    };
  }

  send(...packet) {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(Ivtp.packet(...packet));
    }
  }

  bytes(added) {
    const all = new Uint8Array(this.pending.length + added.length);
    all.set(this.pending);
    all.set(added, this.pending.length);
    const view = new DataView(all.buffer);
    let at = 0;
    while (all.length - at >= 8 && all.length - at >= 8 + view.getUint32(at + 2, true)) {
      const end = at + 8 + view.getUint32(at + 2, true);
      this.packet(view.getUint16(at, true), view.getUint16(at + 6, true), all.slice(at + 8, end));
      at = end;
    }
    this.pending = all.slice(at);
  }

  packet(command, status, payload) {
    switch (command) {
      case Ivtp.CONNECTION_ALLOWED:
        this.send(Ivtp.CONNECTION_COMPLETE, 1);
        this.send(Ivtp.VALIDATE_VIDEO_SESSION, 0, Ivtp.validation(this.settings, this.user));
        this.send(Ivtp.RESUME_REDIRECTION);
        break;
      case Ivtp.VALIDATED:
        this.validated(payload[0] === 1);
        break;
      case Ivtp.VIDEO_PACKETS:
        this.told('video', payload);
        break;
      case Ivtp.POWER_STATUS:
        this.told('power', status === 1 ? 'On' : 'Off');
        break;
      case Ivtp.CONNECTION_FAILED:
        this.told('state', 'video service is down');
        break;
      case Ivtp.STOP_SESSION:
        this.told('state', 'stopped by the unit');
        break;
      default:
    }
  }

  validated(right) {
    this.told('state', right ? 'connected' : 'refused');
    if (right) {
      this.send(Ivtp.DISPLAY_LOCK_SET);
      this.send(Ivtp.POWER_STATUS);
      this.send(Ivtp.GET_FULL_SCREEN);
      this.timer = setInterval(() => this.send(Ivtp.KEEP_ALIVE), 3000);
    }
  }

  key(usage, down) {
    const report = new Uint8Array(8);
    report[2] = down ? usage : 0;
    this.send(Ivtp.HID, 0, Ivtp.input(0x10, report));
  }

  pointer(buttons, x, y) {
    this.send(Ivtp.HID, 0, Ivtp.input(0x20, new Uint8Array([buttons, x & 255, x >> 8, y & 255, y >> 8, 0])));
  }

  stop() {
    this.send(Ivtp.STOP_SESSION);
    this.socket.close();
  }
}
