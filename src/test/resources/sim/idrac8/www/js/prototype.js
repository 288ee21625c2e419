// Helpers of every page; comes with a content type that isn't a script's.
function $(id) {
  return document.getElementById(id);
}

function call(method, url, headers, done, body) {
  var request = new XMLHttpRequest();
  request.open(method, url);
  for (var name in headers) {
    request.setRequestHeader(name, headers[name]);
  }
  request.onload = function () { done(request); };
  request.send(body);
  return request;
}

function json(request, key) {
  return JSON.parse(request.responseText)[key];
}

function xml(request, element) {
  var found = request.responseXML.getElementsByTagName(element)[0];
  return found ? found.textContent : '';
}
