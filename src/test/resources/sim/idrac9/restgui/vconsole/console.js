'use strict';

const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const screen_ = byId('screen');
const state = byId('state');

const told = (what, value) => {
  if (what === 'closed') {
    state.textContent = 'closed ' + value;
    state.className = 'closed';
    document.body.dataset.closed = value;
  } else if (what === 'state') {
    state.textContent = value;
    state.className = value;
    document.body.dataset.state = value;
    screen_.focus();
  } else if (what === 'updates') {
    document.body.dataset.updates = value;
  } else {
    byId(what).textContent = value;
  }
};

document.title = decodeURIComponent(query.get('title') || 'Virtual Console');
byId('title').textContent = document.title;

const url = `wss://${query.get('ip')}:${query.get('kvmport')}/vnc/vconsole?vck=${query.get('VCSID')}`;
document.body.dataset.socket = url;
const channel = new ConsoleChannel(url, query.get('VCSID2'), screen_, told);

const SYMBOLS = {
  Enter: 0xff0d, Escape: 0xff1b, Backspace: 0xff08, Tab: 0xff09, Delete: 0xffff, ArrowLeft: 0xff51,
  ArrowUp: 0xff52, ArrowRight: 0xff53, ArrowDown: 0xff54, Shift: 0xffe1, Control: 0xffe3, Alt: 0xffe9,
  F1: 0xffbe, F2: 0xffbf, F10: 0xffc7, F11: 0xffc8, F12: 0xffc9,
};
const key = (event, down) => {
  const symbol = SYMBOLS[event.key] || (event.key.length === 1 && event.key.codePointAt(0));
  if (symbol) {
    event.preventDefault();
    channel.key(down, symbol);
  }
};
screen_.addEventListener('keydown', (event) => key(event, true));
screen_.addEventListener('keyup', (event) => key(event, false));

const pointer = (event) => {
  const box = screen_.getBoundingClientRect();
  const x = Math.round((event.clientX - box.left) * screen_.width / box.width);
  const y = Math.round((event.clientY - box.top) * screen_.height / box.height);
  channel.pointer(event.buttons & 1 | (event.buttons & 4) >> 1 | (event.buttons & 2) << 1, x, y);
};
for (const type of ['mousedown', 'mouseup', 'mousemove']) {
  screen_.addEventListener(type, pointer);
}

byId('disconnect').addEventListener('click', () => channel.leave());
addEventListener('pagehide', () => channel.leave());
