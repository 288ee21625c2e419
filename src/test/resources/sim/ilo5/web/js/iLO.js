// Shared by all pages: session key, calls. Cacheable: a copy that outlives a switch to another unit
// gives the wrong name away.
var iLOGlobal = { topPage: null, unit: '@TAG@', consoleWindow: null };

var iLO = {
  readCookie: function (name) {
    var found = document.cookie.split('; ').filter(function (pair) { return pair.indexOf(name + '=') === 0; })[0];
    return found ? found.substring(name.length + 1) : null;
  },

  writeCookie: function (name, value, attributes) {
    document.cookie = name + '=' + value + '; path=/; secure' + (attributes || '');
  },

  getSessionKey: function () {
    return iLO.readCookie('sessionKey');
  },

  rememberSession: function (sessionUri) {
    iLO.writeCookie('sessionLang', 'en');
    iLO.writeCookie('sessionUrl', 'https://' + location.host + '/');
    iLO.writeCookie('irc', 'html5');
    sessionStorage.setItem('sessionUri', sessionUri || '');
    localStorage.setItem('iloUnit', iLOGlobal.unit);
  },

  forgetSession: function () {
    ['sessionKey', 'irc'].forEach(function (name) { iLO.writeCookie(name, '', '; max-age=0'); });
  },

  send: function (method, url, headers, body, progress) {
    if (/^(json|rest)\//.test(url)) {
      url = '/' + url;
    }
    return new Promise(function (done, failed) {
      var request = new XMLHttpRequest();
      request.open(method, url);
      Object.keys(headers).forEach(function (name) { request.setRequestHeader(name, headers[name]); });
      if (progress) {
        request.upload.onprogress = progress;
      }
      request.onload = function () { done(request); };
      request.onerror = function () { failed(new Error('no answer from ' + url)); };
      request.send(body);
    });
  },

  parsed: function (request) {
    var body = request.responseText ? JSON.parse(request.responseText) : {};
    if (request.status >= 400) {
      throw new Error(body.message || 'HTTP ' + request.status);
    }
    return body;
  },

  /** /json: the cookie goes along by itself, what changes something carries the key once more. */
  call: function (name, body) {
    if (!body) {
      return iLO.send('GET', name, {}).then(iLO.parsed);
    }
    body.session_key = iLO.getSessionKey();
    return iLO.send('POST', name, { 'Content-Type': 'application/json' }, JSON.stringify(body)).then(iLO.parsed);
  },

  /** Redfish: the key goes in a header. */
  redfish: function (method, path, body) {
    var headers = { 'X-Auth-Token': iLO.getSessionKey(), 'X-Client-Type': 'Web UI' };
    if (body) {
      headers['Content-Type'] = 'application/json';
    }
    return iLO.send(method, path, headers, body && JSON.stringify(body)).then(iLO.parsed);
  },

  /** First everything that asks with this session is ended, so that nothing asks without one. */
  logout: function () {
    var uri = sessionStorage.getItem('sessionUri');
    stopEventWatchdog();
    document.getElementById('appFrame').src = 'about:blank';
    var done = uri ? iLO.redfish('DELETE', uri) : iLO.call('json/login_session', { method: 'logout' });
    sessionStorage.removeItem('sessionUri');
    return done.then(function () { showLogin(); }, function (error) { showLogin(error.message); });
  },

  startHtml5Irc: function (options) {
    var features = options.mode === 'WINDOW' ? 'width=1060,height=860' : '';
    iLOGlobal.consoleWindow = window.open('/irc.html', options.mode === 'WINDOW' ? 'irc' : '_blank', features);
  }
};
