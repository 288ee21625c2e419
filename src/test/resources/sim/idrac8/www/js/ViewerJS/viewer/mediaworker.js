// Virtual media: keeps the image, opens the third socket itself, answers the unit's block reads.
importScripts('/js/ViewerJS/viewer/apcp.js');

var BLOCK = 2048;
var channel, image;
var read = 0;

function told(what, value) {
  postMessage({ what: what, value: value });
}

function logIn(user, password) {
  var view = message('AVMP', 0x0100, 153);
  view.setUint8(12, user.length);
  put(view, 13, ascii(user));
  view.setUint8(77, password.length);
  channel.send(put(view, 78, ascii(password)));
}

function onMessage(view) {
  if (typeOf(view) === 0x8100) {
    if (view.getUint16(12) === 0) {
      channel.send(message('AVMP', 0x0200, 12));
    } else {
      told('media', 'refused');
    }
  } else if (typeOf(view) === 0x8200) {
    told('drives', view.getUint16(12));
    told('media', 'connected');
  } else if (typeOf(view) === 0x8301) {
    sendBlocks(view.getUint32(12), view.getUint32(16));
  }
}

function map(file) {
  image = file;
  read = 0;
  var view = message('AVMP', 0x0300, 20);
  view.setUint8(12, 2);
  view.setUint32(16, Math.ceil(file.size / BLOCK));
  channel.send(view);
}

function sendBlocks(first, count) {
  image.slice(first * BLOCK, (first + count) * BLOCK).arrayBuffer().then(function (part) {
    var view = message('AVMP', 0x0301, 20 + count * BLOCK);
    view.setUint32(12, first);
    view.setUint32(16, count);
    channel.send(put(view, 20, new Uint8Array(part)));
    read += part.byteLength;
    told('read', read);
  });
}

onmessage = function (event) {
  var order = event.data;
  if (order.connect) {
    channel = new Channel(order.connect, 'media', {
      ready: function () { logIn(order.user, order.password); },
      message: onMessage,
      closed: function (code) { told('media', 'closed ' + code); },
    });
  } else if (order.map) {
    map(order.map);
  } else if (order.close) {
    channel.close();
    close();
  }
};
