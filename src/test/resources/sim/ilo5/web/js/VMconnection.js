// Serves a local image: the unit sends SCSI commands of 12 bytes, each is answered with one message,
// a header of 16 bytes and the data.
var VMconnection = {
  BLOCK: 2048,

  attach: function (image, sessionKey, told) {
    var greeted = false;
    var read = 0;
    var socket = new WebSocket('wss://' + window.location.host + '/wss/vmport');
    socket.binaryType = 'arraybuffer';

    var answer = function (data) {
      var message = new Uint8Array(16 + data.length);
      var head = new DataView(message.buffer);
      head.setUint32(0, 0x0badc0de, true);
      head.setUint32(12, data.length, true);
      message.set(data, 16);
      socket.send(message);
    };

    var capacity = function () {
      var data = new DataView(new ArrayBuffer(8));
      data.setUint32(0, Math.ceil(image.size / VMconnection.BLOCK) - 1);
      data.setUint32(4, VMconnection.BLOCK);
      answer(new Uint8Array(data.buffer));
    };

    var blocks = function (first, count) {
      var start = first * VMconnection.BLOCK;
      image.slice(start, start + count * VMconnection.BLOCK).arrayBuffer().then(function (part) {
        var data = new Uint8Array(count * VMconnection.BLOCK);
        data.set(new Uint8Array(part));
        answer(data);
        read += data.length;
        told('read', read);
      });
    };

    socket.onmessage = function (event) {
      var view = new DataView(event.data);
      var first = view.getUint8(0);
      if (view.byteLength === 1 && first === 0x50) {
        var hello = new Uint8Array(34);
        hello.set([0x01, 0x20]);
        hello.set(new TextEncoder().encode(sessionKey.substring(0, 32)), 2);
        socket.send(hello);
      } else if (view.byteLength === 1) {
        greeted = first === 0x52;
        told('state', greeted ? 'connected' : 'refused ' + first.toString(16));
      } else if (greeted && view.byteLength === 12) {
        if (first === 0x25) {
          capacity();
        } else if (first === 0xa8) {
          blocks(view.getUint32(2), view.getUint32(6));
        } else {
          answer(new Uint8Array(0));
        }
      }
    };
    socket.onclose = function (event) { told('state', 'closed ' + event.code); };
    addEventListener('pagehide', function () { socket.close(); });
  }
};
