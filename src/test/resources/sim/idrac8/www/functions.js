// Cacheable for a day: a copy that outlives a switch to another unit gives the wrong name away.
var unitTag = '@TAG@';

// The state of the whole user interface lives in the topmost window, that of index.html.
function state() {
  return top.location.href.indexOf('index') >= 0 ? top : window.opener.top;
}

function secured(headers) {
  var all = { ST2: state().ST2 };
  for (var name in headers) {
    all[name] = headers[name];
  }
  return all;
}

function ask(method, url, headers, done) {
  call(method, url, secured(headers), function (answer) {
    if (answer.status === 401) {
      top.location.href = '/login.html';
    } else {
      done(answer);
    }
  });
}

function whenReady(task) {
  if (state().ready) {
    task(state().localeObj);
  } else {
    setTimeout(function () { whenReady(task); }, 30);
  }
}

function getIPAddressAndFormat(host) {
  return host.replace(/:\d+$/, '');
}
