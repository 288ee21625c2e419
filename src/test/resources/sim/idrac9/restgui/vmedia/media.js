'use strict';

const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const BLOCK = 2048;

let token = 0;
let image = null;
let read = 0;

const socket = new WebSocket(`wss://${query.get('ip')}:${query.get('kvmport')}/vnc/vmedia?vmk=${query.get('VCSID')}`, 'binary');
socket.binaryType = 'arraybuffer';

const words = (...values) => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setUint32(4 * i, value, true));
  return view.buffer;
};

const answerChallenge = (challenge) => {
  const answer = new Uint8Array(48);
  answer.set(new Uint8Array(words(0x2000, 0, 0x20, challenge.getUint32(12, true))));
  answer.set(new TextEncoder().encode(query.get('VCSID2')), 16);
  socket.send(answer);
};

const sendBlocks = async (first, count) => {
  const last = Math.min(first + count, Math.ceil(image.size / BLOCK));
  const part = await image.slice(first * BLOCK, last * BLOCK).arrayBuffer();
  const payload = new Uint8Array((last - first) * BLOCK);
  payload.set(new Uint8Array(part));
  socket.send(words(0x1, 1, 28, token, first, last - first, last, BLOCK, payload.length));
  socket.send(payload);
  read += payload.length;
  byId('read').textContent = read.toLocaleString('en') + ' bytes';
  document.body.dataset.read = read;
};

socket.onmessage = ({ data }) => {
  const view = new DataView(data);
  switch (view.getUint32(0, true)) {
    case 0x2000:
      answerChallenge(view);
      break;
    case 0x10:
      token = view.getUint32(12, true);
      byId('image').disabled = false;
      byId('state').textContent = 'connected';
      byId('state').className = 'connected';
      setInterval(() => socket.send(words(0x800, 1, 0, token, 0)), 20000);
      break;
    case 0x1:
      sendBlocks(view.getUint32(16, true), view.getUint32(20, true));
      break;
    case 0x100:
      document.body.dataset.status = view.getUint32(16, true);
      break;
  }
};
socket.onclose = ({ code }) => {
  byId('state').textContent = 'closed ' + code;
  byId('state').className = 'closed';
  document.body.dataset.closed = code;
};

byId('image').addEventListener('change', async (event) => {
  image = event.target.files[0];
  byId('name').textContent = image.name;
  const blocks = Math.ceil(image.size / BLOCK);
  socket.send(words(0x20, 1, 28, token, blocks, BLOCK, 0, 0, 0, 1, 20));
  sendBlocks(0, 32);
});
addEventListener('pagehide', () => {
  if (socket.readyState === WebSocket.OPEN && token) {
    socket.send(words(0x8, 1, 0, token, 0));
    socket.send(words(0x400, 1, 0, token, 0));
    socket.close();
  }
});
