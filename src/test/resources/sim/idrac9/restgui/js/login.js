'use strict';

const byId = (id) => document.getElementById(id);

fetch('/sysmgmt/2015/bmc/info')
  .then((answer) => answer.json())
  .then(({ Attributes }) => {
    byId('name').textContent = Attributes.iDRACName;
    byId('model').textContent = Attributes.SystemModelName + ', firmware ' + Attributes.FwVer;
    document.body.dataset.ready = 'true';
  });

byId('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  byId('error').textContent = '';
  const answer = await fetch('/sysmgmt/2015/bmc/session', {
    method: 'POST',
    headers: { user: `"${byId('user').value}"`, password: `"${byId('password').value}"` },
  });
  if (answer.status === 503) {
    byId('error').textContent = 'RAC0218: The maximum number of user sessions is reached.';
    return;
  }
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok || ![0, 7, 9].includes(result.authResult)) {
    byId('error').textContent = 'RAC0212: Login failed. Verify that username and password are correct.';
    return;
  }
  location.href = '/restgui/index.html?' + answer.headers.get('XSRF-TOKEN');
});
