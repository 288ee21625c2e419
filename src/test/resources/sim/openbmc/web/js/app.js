'use strict';

const byId = (id) => document.getElementById(id);
const data = document.body.dataset;
let events = null;
let remote = null;

document.addEventListener('securitypolicyviolation', (event) => {
  data.violation = event.violatedDirective + ' ' + event.blockedURI;
});

const xsrf = () => (document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/) || ['', ''])[1];

/** Asks the unit; anything but reading carries the second secret. */
const ask = (method, path, body, type) => fetch(path, {
  method,
  body,
  headers: {
    'X-Requested-With': 'XMLHttpRequest',
    ...(method === 'GET' ? {} : { 'X-XSRF-TOKEN': xsrf() }),
    ...(type ? { 'Content-Type': type } : {}),
  },
});

const leave = () => {
  if (events) {
    events.close();
    events = null;
  }
  if (remote) {
    remote.close();
    remote = null;
  }
};

const listen = () => {
  if (!events) {
    events = new EventSource('/redfish/v1/EventService/SSE');
    events.onmessage = (event) => {
      byId('event').textContent = JSON.parse(event.data).Id;
      data.events = Number(data.events || 0) + 1;
    };
  }
};

const connect = () => {
  if (!remote) {
    const canvas = byId('screen');
    remote = new RemoteScreen(`wss://${location.host}/kvm/0`, xsrf(), canvas, (what, value) => {
      data[what] = value;
      byId('status').textContent = data.closed ? 'closed ' + data.closed : data.state || '';
    });
    canvas.focus();
  }
};

const show = async () => {
  const wanted = location.hash.slice(2) || 'overview';
  const answer = await ask('GET', '/redfish/v1/Systems/system');
  if (!answer.ok) {
    leave();
    data.view = 'login';
    return;
  }
  const system = await answer.json();
  byId('serial').textContent = system.SerialNumber;
  byId('power').textContent = system.PowerState;
  if (wanted === 'kvm' || wanted === 'console') {
    connect();
  }
  if (wanted !== 'console') {
    listen();
  }
  data.view = wanted;
};

byId('log-in').addEventListener('click', async () => {
  byId('error').textContent = '';
  const credentials = { data: [byId('username').value, byId('password').value] };
  const answer = await ask('POST', '/login', JSON.stringify(credentials), 'application/json');
  if (answer.ok) {
    show();
  } else {
    byId('error').textContent = 'Invalid username or password';
  }
});

byId('log-out').addEventListener('click', async () => {
  leave();
  await ask('POST', '/logout', JSON.stringify({ data: [] }), 'application/json');
  location.hash = '#/';
  show();
});

byId('upload').addEventListener('click', async () => {
  const image = byId('image').files[0];
  const answer = await ask('POST', '/redfish/v1/UpdateService/update', image, 'application/octet-stream');
  byId('result').textContent = String(answer.status);
  data.upload = answer.status;
});

byId('new-window').addEventListener('click', () => {
  window.open('/#/console', '_blank', 'directories=no,titlebar=no,toolbar=no,width=900,height=700');
});

const SYMBOLS = { Enter: 0xff0d, Escape: 0xff1b, Backspace: 0xff08, Tab: 0xff09, Shift: 0xffe1 };
const key = (event, down) => {
  const symbol = SYMBOLS[event.key] || (event.key.length === 1 && event.key.codePointAt(0));
  if (symbol && remote) {
    event.preventDefault();
    remote.key(down, symbol);
  }
};
byId('screen').addEventListener('keydown', (event) => key(event, true));
byId('screen').addEventListener('keyup', (event) => key(event, false));

addEventListener('hashchange', show);
show();
