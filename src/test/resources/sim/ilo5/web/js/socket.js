// A worker: the one socket of the console. Bytes of the picture go straight to the decoder.
var HpSocket = function (options) {
  this.sessionKey = options.sessionKey;
  this.sockaddr = "wss://" + options.host + "/wss/ircport";
  this.stream = options.stream;
  this.running = false;
  this.socket = new WebSocket(this.sockaddr);
  this.socket.binaryType = 'arraybuffer';
  var self = this;
  this.socket.onmessage = function (event) { self.received(new Uint8Array(event.data)); };
  this.socket.onclose = function (event) { postMessage({ closed: event.code }); };
};

HpSocket.prototype.received = function (bytes) {
  if (this.running) {
    this.stream.postMessage(bytes, [bytes.buffer]);
  } else if (bytes.length === 1 && bytes[0] === 0x50) {
    this.hello();
  } else {
    this.running = bytes[0] === 0x52;
    postMessage({ answer: bytes[0] });
  }
};

HpSocket.prototype.hello = function () {
  var hello = new Uint8Array(34);
  hello.set([0x01, 0x20]);
  for (var i = 0; i < 32; i++) {
    hello[2 + i] = this.sessionKey.charCodeAt(i);
  }
  this.socket.send(hello);
};

var connection = null;
onmessage = function (event) {
  if (event.data.host) {
    connection = new HpSocket(event.data);
  } else if (event.data.close) {
    connection.socket.close();
  } else if (connection.socket.readyState === WebSocket.OPEN) {
    connection.socket.send(new Uint8Array(event.data.send));
  }
};
