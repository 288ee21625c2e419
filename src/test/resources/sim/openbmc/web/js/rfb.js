'use strict';

/**
 * Speaks RFB 3.8 with raw rectangles of 5-6-5 pixels. What the unit sends may begin and end
 * anywhere; what goes to it is one message of RFB in each message of the socket.
 */
class RemoteScreen {
  constructor(url, token, canvas, told) {
    this.screen = canvas.getContext('2d');
    this.told = told;
    this.bytes = new Uint8Array(0);
    this.step = this.version;
    this.updates = 0;
    this.socket = new WebSocket(url, [token]);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.told('subprotocol', this.socket.protocol === token ? 'kept' : 'lost');
    this.socket.onmessage = (event) => this.message(new Uint8Array(event.data));
    this.socket.onclose = (event) => this.told('closed', event.code);
  }

  message(data) {
    const joined = new Uint8Array(this.bytes.length + data.length);
    joined.set(this.bytes);
    joined.set(data, this.bytes.length);
    this.bytes = joined;
    while (this.step()) { /* goes on as long as a whole part is there */ }
  }

  take(length) {
    if (this.bytes.length < length) {
      return null;
    }
    const taken = this.bytes.subarray(0, length);
    this.bytes = this.bytes.subarray(length);
    return taken;
  }

  version() {
    const version = this.take(12);
    if (version) {
      this.socket.send(version.slice());
      this.step = this.security;
    }
    return version;
  }

  security() {
    const types = this.take(2);
    if (types) {
      this.socket.send(new Uint8Array([1]));
      this.step = this.securityResult;
    }
    return types;
  }

  securityResult() {
    const result = this.take(4);
    if (result) {
      this.socket.send(new Uint8Array([1]));
      this.step = this.serverInit;
    }
    return result;
  }

  serverInit() {
    if (this.bytes.length < 24) {
      return null;
    }
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
    const nameLength = view.getUint32(20);
    if (this.bytes.length < 24 + nameLength) {
      return null;
    }
    this.width = view.getUint16(0);
    this.height = view.getUint16(2);
    this.screen.canvas.width = this.width;
    this.screen.canvas.height = this.height;
    this.take(24 + nameLength);
    this.step = this.updateHead;
    this.socket.send(new Uint8Array([2, 0, 0, 1, 0, 0, 0, 0]));
    this.request(0);
    this.told('state', 'connected');
    return true;
  }

  request(incremental) {
    const message = new DataView(new ArrayBuffer(10));
    message.setUint8(0, 3);
    message.setUint8(1, incremental);
    message.setUint16(6, this.width);
    message.setUint16(8, this.height);
    this.socket.send(message.buffer);
  }

  updateHead() {
    const head = this.take(4);
    if (head) {
      this.rectangles = head[2] << 8 | head[3];
      this.step = this.rectangle;
    }
    return head;
  }

  rectangle() {
    if (this.bytes.length < 12) {
      return null;
    }
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
    const [x, y, width, height] = [0, 2, 4, 6].map((at) => view.getUint16(at));
    if (this.bytes.length < 12 + 2 * width * height) {
      return null;
    }
    this.draw(this.take(12 + 2 * width * height).subarray(12), x, y, width, height);
    this.rectangles--;
    if (this.rectangles === 0) {
      this.updates++;
      this.told('updates', this.updates);
      this.step = this.updateHead;
      this.request(1);
    }
    return true;
  }

  draw(pixels, x, y, width, height) {
    const image = this.screen.createImageData(width, height);
    for (let i = 0, o = 0; i < pixels.length; i += 2, o += 4) {
      const pixel = pixels[i] | pixels[i + 1] << 8;
      image.data[o] = (pixel >> 11) * 255 / 31;
      image.data[o + 1] = (pixel >> 5 & 63) * 255 / 63;
      image.data[o + 2] = (pixel & 31) * 255 / 31;
      image.data[o + 3] = 255;
    }
    this.screen.putImageData(image, x, y);
  }

  key(down, symbol) {
    if (this.socket.readyState === WebSocket.OPEN && this.width) {
      const message = new DataView(new ArrayBuffer(8));
      message.setUint8(0, 4);
      message.setUint8(1, down ? 1 : 0);
      message.setUint32(4, symbol);
      this.socket.send(message.buffer);
    }
  }

  close() {
    this.socket.close();
  }
}
