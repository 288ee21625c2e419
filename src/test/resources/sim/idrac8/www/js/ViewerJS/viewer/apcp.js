// Messages of the console port, for the page and for the worker: big-endian, with name and length.
var TYPE_AT = { APCP: 8, BEEF: 4, AVMP: 8 };
var PURPOSE = {
  control: [3, 2, 0x29, 0, 0, 0, 6, 5],
  video: [4, 2, 0x29, 0, 0, 0, 6, 5],
  media: [2, 1, 0x0e, 0, 0, 0, 6, 5],
};

function message(family, type, length) {
  var view = new DataView(new ArrayBuffer(length));
  for (var i = 0; i < 4; i++) {
    view.setUint8(i, family.charCodeAt(i));
  }
  view.setUint16(TYPE_AT[family], type);
  if (family === 'BEEF') {
    view.setUint16(6, length);
  } else {
    view.setUint32(4, length);
  }
  if (family === 'APCP') {
    view.setUint16(10, 0x0104);
  }
  return view;
}

function put(view, at, bytes) {
  new Uint8Array(view.buffer).set(bytes, at);
  return view;
}

function ascii(text) {
  return new TextEncoder().encode(text);
}

function textAt(view, at, length) {
  var bytes = new Uint8Array(view.buffer, at, length);
  return new TextDecoder().decode(bytes).replace(/\0+$/, '');
}

function familyOf(view) {
  return textAt(view, 0, 4);
}

function typeOf(view) {
  return view.getUint16(TYPE_AT[familyOf(view)]);
}

/*
 * Opens a socket, says what it is for, takes stock and keeps it alive; then on.ready(channel).
 * Messages that are not about the socket itself go to on.message(view), the end to on.closed(code).
 */
function Channel(url, purpose, on) {
  var self = this;
  var heartbeat = 0;
  var socket = new WebSocket(url, 'lws-dvc-protocol');
  socket.binaryType = 'arraybuffer';

  this.send = function (view) {
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(view.buffer);
    }
  };
  this.close = function () {
    self.send(message('APCP', 0x01FF, 12));
    self.abandon();
  };
  this.abandon = function () {
    on = { closed: function () {} };
    socket.onmessage = null;
    socket.close();
  };

  function sendInventory() {
    var inventory = ascii('{"client_type":"HTML5"}');
    var view = message('APCP', 0x0201, 20 + inventory.length);
    view.setUint32(16, inventory.length);
    self.send(put(view, 20, inventory));
  }

  socket.onopen = function () {
    self.send(put(message('APCP', 0x0100, 68), 12, PURPOSE[purpose]));
  };
  socket.onmessage = function (event) {
    var view = new DataView(event.data);
    if (textAt(view, 0, 3) === 'VID') {
      on.message(view);
    } else if (familyOf(view) !== 'APCP') {
      on.message(view);
    } else if (typeOf(view) === 0x8100) {
      self.capability = view.getUint16(14);
      heartbeat = setInterval(function () { self.send(message('APCP', 0x0400, 20)); },
        view.getUint16(54) * 1000 / 3);
      sendInventory();
    } else if (typeOf(view) === 0x8201) {
      on.ready(self);
    } else if (typeOf(view) !== 0x8400) {
      on.message(view);
    }
  };
  socket.onclose = function (event) {
    clearInterval(heartbeat);
    on.closed(event.code);
  };
}
