'use strict';

window.unitTag = '@TAG@';

// The viewer looks for these in the window that opened it.
window.CONSTANTS = { CD_SERVER_APP_FLAG: 1, KVM_SESS_RECON_FLG: 0, VMEDIA_MAX_COUNT_FLAG: 1, HOST_CURSOR_ENABLED_FLAG: 0 };
window.$ = (css) => document.querySelector(css);

const main = window.$('#main');
let timers = [];

const api = async (method, path, body, type) => {
  const headers = { 'X-CSRFTOKEN': localStorage.getItem('garc') || 'null', 'X-Requested-With': 'XMLHttpRequest' };
  if (type) {
    headers['Content-Type'] = type;
  }
  const answer = await fetch(path, { method, headers, body });
  if (answer.status === 401 && path !== '/api/session') {
    forget();
    location.hash = '#login';
  }
  return answer;
};
const get = async (path) => (await api('GET', path)).json();

const remember = (session, username) => {
  const values = {
    garc: session.CSRFToken,
    privilege_id: session.privilege,
    extended_privilege: session.extendedpriv,
    session_id: session.racsession_id,
    kvm_access: session.extendedpriv & 1,
    vmedia_access: session.extendedpriv >> 1 & 1,
    username,
  };
  for (const [name, value] of Object.entries(values)) {
    sessionStorage.setItem(name, value);
    localStorage.setItem(name, value);
  }
  document.cookie = `garc=${session.CSRFToken}; path=/; secure`;
  document.cookie = `user_id=${session.user_id}; path=/; secure`;
  document.cookie = `privilege=${session.privilege}; path=/; secure`;
  document.cookie = 'refresh_disable=1; path=/; secure';
  document.cookie = 'lang=en; path=/; secure';
};

const forget = () => {
  localStorage.clear();
  sessionStorage.clear();
};

const every = (millis, task) => {
  task();
  timers.push(setInterval(task, millis));
};

const text = (css, value) => {
  const element = window.$(css);
  if (element) {
    element.textContent = value;
  }
};

const views = {
  login() {
    if (localStorage.getItem('garc')) {
      location.hash = '#dashboard';
      return;
    }
    document.cookie = 'QSESSIONID=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/';
    window.$('#login').addEventListener('submit', async (event) => {
      event.preventDefault();
      text('#error', '');
      const username = window.$('#user').value;
      const form = new URLSearchParams({ username, password: window.$('#password').value, certlogin: 0 });
      const answer = await api('POST', '/api/session', form);
      const result = await answer.json();
      if (!answer.ok) {
        text('#error', 'Login failed. ' + result.error);
        return;
      }
      remember(result, username);
      location.hash = '#dashboard';
    });
  },

  async dashboard() {
    const [fru] = await get('/api/fru');
    text('#board', `${fru.board.manufacturer} ${fru.board.product_name}`);
    text('#serial', fru.board.serial_number);
    text('#firmware', (await get('/api/asrr/fw-info')).BMC_fw_version);
    every(2000, async () => {
      const chassis = await get('api/chassis-status');
      const sensors = await get('api/sensors');
      text('#power', chassis.power_status ? 'On' : 'Off');
      text('#sensors', sensors.map((sensor) => `${sensor.name} ${sensor.reading} ${sensor.unit}`).join(', '));
      document.body.dataset.polls = Number(document.body.dataset.polls) + 1;
    });
  },

  async remote_control() {
    await get('/api/settings/dashboarduser');
    const features = await get('/api/configuration/project');
    await get('/api/configuration/runtime');
    sessionStorage.setItem('features', features.map((entry) => entry.feature).join(','));
    for (const name of ['privilege_id', 'kvm_access', 'vmedia_access']) {
      window[name] = sessionStorage.getItem(name);
    }
    const button = window.$('#download');
    button.disabled = false;
    button.addEventListener('click', () => {
      if (!window.open('viewer.html', 'H5Viewer', 'width=1000,height=820')) {
        text('#error', 'The browser has blocked the window. Allow pop-ups for this site.');
      }
    });
  },

  maintenance() {
    window.$('#flash').addEventListener('click', () => flash(window.$('#image').files[0]));
  },

  serial_over_lan() {
    const socket = new WebSocket(`wss://${location.host}/sol?CSRFTOKEN=${localStorage.getItem('garc')}`, ['binary', 'base64']);
    socket.binaryType = 'arraybuffer';
    const decoder = new TextDecoder();
    socket.onopen = () => text('#state', 'connected');
    socket.onclose = (event) => text('#state', 'closed ' + event.code);
    socket.onmessage = ({ data }) => { window.$('#terminal').textContent += decoder.decode(data); };
    window.$('#line').addEventListener('submit', (event) => {
      event.preventDefault();
      socket.send(new TextEncoder().encode(window.$('#typed').value + '\r\n'));
      window.$('#typed').value = '';
    });
  },
};

const upload = (image) => new Promise((resolve, reject) => {
  const form = new FormData();
  form.append('fwimage', image);
  const request = new XMLHttpRequest();
  request.open('POST', '/api/maintenance/firmware');
  request.setRequestHeader('X-CSRFTOKEN', localStorage.getItem('garc'));
  request.upload.onprogress = (event) => text('#progress', `Uploading ${Math.round(100 * event.loaded / event.total)}%`);
  request.onload = () => (request.status === 200 ? resolve() : reject(new Error('upload ' + request.status)));
  request.onerror = () => reject(new Error('upload broken off'));
  request.send(form);
});

const put = (path, body) => api('PUT', path, JSON.stringify(body), 'application/json');

const flash = async (image) => {
  try {
    text('#progress', 'Entering flash mode');
    await put('/api/maintenance/flash', {});
    await upload(image);
    const [section] = await get('/api/maintenance/firmware/verification');
    text('#progress', `${section.current_image_version1} to ${section.new_image_version}`);
    await put('/api/maintenance/firmware/upgrade', { preserve_config: 1, preserve_network: 0, preserve_user: 0, flash_status: 1 });
    let progress;
    do {
      await new Promise((resolve) => { setTimeout(resolve, 200); });
      progress = await get('/api/maintenance/firmware/flash-progress');
      text('#progress', progress.progress.trim());
    } while (progress.state !== 2);
    await api('POST', '/api/maintenance/reset', '{}', 'application/json');
    forget();
    text('#progress', 'Complete. The controller restarts; log in again.');
  } catch (error) {
    text('#progress', 'Failed: ' + error.message);
  }
};

const show = async () => {
  const name = location.hash.slice(1) || 'login';
  const view = views[name] ? name : 'login';
  if (view !== 'login' && !localStorage.getItem('garc')) {
    location.hash = '#login';
    return;
  }
  timers.forEach(clearInterval);
  timers = [];
  const parts = view === 'login' ? ['login'] : ['menu', view];
  const pages = await Promise.all(parts.map(async (part) => (await fetch(`/templates/${part}.html`)).text()));
  main.innerHTML = pages.join('');
  const logout = window.$('#logout');
  if (logout) {
    logout.addEventListener('click', async () => {
      timers.forEach(clearInterval);
      await api('DELETE', '/api/session');
      forget();
      location.hash = '#login';
    });
  }
  await views[view]();
  document.body.dataset.view = view;
};

addEventListener('hashchange', show);
show();
