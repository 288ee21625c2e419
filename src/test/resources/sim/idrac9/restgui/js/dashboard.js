'use strict';

const byId = (id) => document.getElementById(id);
const token = location.search.slice(1).split('&')[0];

const call = async (method, path, header) => {
  const answer = await fetch(path, { method, headers: { [header]: token } });
  if (answer.status === 401) {
    location.href = '/restgui/start.html';
    throw new Error('not logged in');
  }
  return answer.json();
};

const fill = (values) => {
  for (const [id, value] of Object.entries(values)) {
    byId(id).textContent = value;
  }
};

const load = async () => {
  const { Attributes } = await call('GET', '/sysmgmt/2015/bmc/info', 'XSRF-TOKEN');
  const system = await call('GET', '/redfish/v1/Systems/System.Embedded.1', 'X-AUTH-TOKEN');
  fill({
    unit: `${Attributes.iDRACName} | ${system.SKU} | ${system.Model}`,
    health: system.Status.Health,
    tag: system.SKU,
    model: system.Model,
    power: system.PowerState,
    name: Attributes.iDRACName,
    firmware: Attributes.FwVer,
    license: Attributes.License,
  });
  byId('health').className = 'ok';
  remember(system.SKU);
  document.body.dataset.unit = window.unitTag;
};

// What a page can leave behind in a browser; a test looks for it after a switch to another unit.
const remember = (tag) => {
  localStorage.setItem('idrac.unit', tag);
  document.cookie = `idrac_unit=${tag}; path=/; secure`;
  caches.open('idrac').then((cache) => cache.put('/restgui/remembered', new Response(tag)));
  const worker = navigator.serviceWorker;
  const told = (outcome) => { document.body.dataset.worker = outcome; };
  if (worker) {
    worker.register('/restgui/sw.js').then(() => told('registered'), (e) => told('refused: ' + e.name));
  } else {
    told('unsupported');
  }
};

const refreshPreview = () => {
  byId('preview').src = '/capconsole/scapture0.png?' + Date.now();
};

const open = async (path, name) => {
  const { Location } = await call('GET', path, 'XSRF-TOKEN');
  if (!Location) {
    byId('error').textContent = 'RAC0904: The Virtual Console is disabled or not licensed.';
  } else if (!window.open(Location, name, 'width=1060,height=860')) {
    byId('error').textContent = 'The browser has blocked the window. Allow pop-ups for this site.';
  }
};

byId('console').addEventListener('click', () => open('/sysmgmt/2015/server/vconsole', 'vconsole'));
byId('media').addEventListener('click', () => open('/sysmgmt/2018/server/vmedia', 'vmedia'));
byId('logout').addEventListener('click', async () => {
  await call('DELETE', '/sysmgmt/2015/bmc/session', 'XSRF-TOKEN');
  location.href = '/restgui/start.html';
});
byId('preview').addEventListener('load', () => setTimeout(refreshPreview, 5000));

refreshPreview();
load();
