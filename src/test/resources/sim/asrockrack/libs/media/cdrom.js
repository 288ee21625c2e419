'use strict';

// A worker that keeps the image and answers the unit's reads; it opens the socket itself.
const HEAD = 32;
const COMMAND = 41;
const STATUS = 53;
const DATA = 61;
const BLOCK = 2048;

let socket;
let image;
let pending = new Uint8Array(0);

const frame = (command, data = new Uint8Array(0)) => {
  const bytes = new Uint8Array(DATA + data.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('IUSB    '));
  bytes[8] = 1;
  bytes[10] = HEAD;
  view.setUint32(12, DATA - HEAD + data.length, true);
  bytes[COMMAND] = command;
  view.setUint32(57, data.length, true);
  bytes.set(data, DATA);
  bytes[11] = -bytes.subarray(0, HEAD).reduce((sum, value) => sum + value, 0);
  return bytes;
};

const capacity = () => {
  const data = new DataView(new ArrayBuffer(8));
  data.setUint32(0, Math.ceil(image.size / BLOCK) - 1);
  data.setUint32(4, BLOCK);
  return new Uint8Array(data.buffer);
};

const read = async (block, count) => {
  const data = new Uint8Array(count * BLOCK);
  const start = block * BLOCK;
  data.set(new Uint8Array(await image.slice(start, start + count * BLOCK).arrayBuffer()));
  return data;
};

const answer = async (bytes) => {
  const view = new DataView(bytes.buffer);
  switch (bytes[COMMAND]) {
    case 0xf1:
      if (bytes[STATUS] === 1) {
        postMessage('mounted');
        socket.send(frame(0xf8));
      } else {
        postMessage('refused ' + bytes[STATUS]);
      }
      break;
    case 0x25:
      socket.send(frame(0x25, capacity()));
      break;
    case 0x28:
      socket.send(frame(0x28, await read(view.getUint32(COMMAND + 2), view.getUint16(COMMAND + 7))));
      break;
    default:
  }
};

onmessage = ({ data }) => {
  image = data.image;
  socket = new WebSocket(data.url, ['binary', 'base64']);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => socket.send(frame(0xf2, new TextEncoder().encode(data.token)));
  socket.onclose = (event) => postMessage('closed ' + event.code);
  socket.onmessage = (message) => {
    const added = new Uint8Array(message.data);
    const all = new Uint8Array(pending.length + added.length);
    all.set(pending);
    all.set(added, pending.length);
    let at = 0;
    const length = () => HEAD + new DataView(all.buffer).getUint32(at + 12, true);
    while (all.length - at >= HEAD && all.length - at >= length()) {
      const end = at + length();
      answer(all.slice(at, end));
      at = end;
    }
    pending = all.slice(at);
  };
};
