// The console window: starts the workers, shows what they decode, sends what is typed.
var byId = function (id) { return document.getElementById(id); };
var settings = { canvas: byId('screen') };
var me = {};
me.renderer = new Renderer(settings), renderer = me.renderer;

var setState = function (state) {
  document.body.dataset.state = state;
  byId('state').textContent = state;
  byId('state').className = state.split(' ')[0];
};

// The opener is the unit's main window, unless the console was opened by its address.
if (window.opener && window.opener.iLOGlobal) {
  document.body.dataset.opener = window.opener.iLOGlobal.unit;
}
document.title = 'iLO Integrated Remote Console - ' + iLOGlobal.unit;
byId('title').textContent = iLOGlobal.unit;

// A worker from a blob, as where scripts of workers can't be loaded by address.
var decoderSource = new Blob(['importScripts("' + location.origin + '/js/worker_decoder.js");'], { type: 'text/javascript' });
var decoder = new Worker(URL.createObjectURL(decoderSource));
var socket = new Worker(base + 'js/socket.js');
var channel = new MessageChannel();
decoder.postMessage({ stream: channel.port1 }, [channel.port1]);
socket.postMessage(
  { host: window.location.host, sessionKey: iLO.getSessionKey() || '', stream: channel.port2 }, [channel.port2]);

decoder.onmessage = function (event) {
  if (event.data.broken) {
    document.body.dataset.broken = event.data.broken;
    return;
  }
  renderer.draw(event.data);
  document.body.dataset.updates = Number(document.body.dataset.updates) + 1;
  send([0x0c, 0]);
};

var WORDS = { 0x51: 'denied', 0x57: 'no licence', 0x58: 'no sessions' };
socket.onmessage = function (event) {
  if (event.data.closed) {
    setState('closed ' + event.data.closed);
    document.body.dataset.closed = event.data.closed;
    return;
  }
  var answer = event.data.answer;
  byId('question').hidden = answer !== 0x53 && answer !== 0x59;
  if (answer === 0x52) {
    setState('connected');
    byId('screen').focus();
  } else {
    setState(WORDS[answer] || 'busy');
  }
};

var send = function (bytes) { socket.postMessage({ send: bytes }); };

var USAGES = {
  Enter: 40, Escape: 41, Backspace: 42, Tab: 43, Space: 44, ArrowRight: 79, ArrowLeft: 80, ArrowDown: 81, ArrowUp: 82,
  Delete: 76, Digit0: 39, Minus: 45, Period: 55, Slash: 56
};
var usage = function (code) {
  var letter = /^Key([A-Z])$/.exec(code);
  var digit = /^Digit([1-9])$/.exec(code);
  var fkey = /^F(\d+)$/.exec(code);
  return letter ? 4 + letter[1].charCodeAt(0) - 65
    : digit ? 29 + Number(digit[1])
    : fkey ? 57 + Number(fkey[1])
    : USAGES[code] || 0;
};
var down = [];
var report = function (event) {
  var modifiers = (event.ctrlKey ? 1 : 0) | (event.shiftKey ? 2 : 0) | (event.altKey ? 4 : 0);
  send([1, 0, modifiers, 0].concat(down.slice(0, 6), [0, 0, 0, 0, 0, 0]).slice(0, 10));
};
byId('screen').addEventListener('keydown', function (event) {
  var key = usage(event.code);
  event.preventDefault();
  if (key && down.indexOf(key) < 0) {
    down.push(key);
    report(event);
  }
});
byId('screen').addEventListener('keyup', function (event) {
  down = down.filter(function (key) { return key !== usage(event.code); });
  report(event);
});

var pointer = function (event) {
  var box = byId('screen').getBoundingClientRect();
  var scaled = function (at, size) { return Math.max(0, Math.min(3000, Math.round(3000 * at / size))); };
  var x = scaled(event.clientX - box.left, box.width);
  var y = scaled(event.clientY - box.top, box.height);
  send([2, 0, x & 255, x >> 8, y & 255, y >> 8, 0, 0, event.buttons & 7, 0]);
};
['mousedown', 'mouseup', 'mousemove'].forEach(function (type) { byId('screen').addEventListener(type, pointer); });

var answered = function (code) {
  byId('question').hidden = true;
  send([code, 0]);
};
byId('seize').addEventListener('click', function () { answered(0x55); });
byId('share').addEventListener('click', function () { answered(0x56); });
byId('power').addEventListener('click', function () { send([0, 0, 1, 0]); });
byId('refresh').addEventListener('click', function () { send([5, 0]); });
byId('disconnect').addEventListener('click', function () { socket.postMessage({ close: true }); });
setInterval(function () { send([0x0f]); }, 240000);
