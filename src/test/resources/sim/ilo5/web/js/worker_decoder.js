// A worker: puts the stream together again, checks each record, turns pixels into RGBA.
var pending = new Uint8Array(0);
var broken = false;

var table = new Uint32Array(256).map(function (unused, n) {
  for (var bit = 0; bit < 8; bit++) {
    n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1;
  }
  return n;
});
var crc = function (bytes) {
  var sum = 0xffffffff;
  for (var i = 0; i < bytes.length; i++) {
    sum = table[(sum ^ bytes[i]) & 255] ^ sum >>> 8;
  }
  return (sum ^ 0xffffffff) >>> 0;
};

var fail = function (why) {
  broken = true;
  postMessage({ broken: why });
};

var rectangle = function (view, at) {
  var shape = [0, 2, 4, 6].map(function (offset) { return view.getUint16(at + offset, true); });
  var rgba = new Uint8ClampedArray(4 * shape[2] * shape[3]);
  for (var i = 0, p = at + 8; i < rgba.length; i += 4, p += 2) {
    var pixel = view.getUint16(p, true);
    rgba[i] = (pixel >> 11) * 255 / 31;
    rgba[i + 1] = (pixel >> 5 & 63) * 255 / 63;
    rgba[i + 2] = (pixel & 31) * 255 / 31;
    rgba[i + 3] = 255;
  }
  return { x: shape[0], y: shape[1], width: shape[2], height: shape[3], rgba: rgba };
};

var picture = function (payload) {
  var view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  var rectangles = [];
  for (var i = 0, at = 12; i < view.getUint16(4, true); i++) {
    var next = rectangle(view, at);
    rectangles.push(next);
    at += 8 + 2 * next.width * next.height;
  }
  postMessage({ width: view.getUint16(0, true), height: view.getUint16(2, true), rectangles: rectangles });
};

var record = function () {
  if (pending.length < 12) {
    return false;
  }
  var view = new DataView(pending.buffer, pending.byteOffset, pending.length);
  if (view.getUint16(0, true) !== 0x5644) {
    fail('no record where one should begin');
    return false;
  }
  var length = view.getUint32(4, true);
  if (pending.length < 12 + length) {
    return false;
  }
  var payload = pending.subarray(12, 12 + length);
  if (crc(payload) !== view.getUint32(8, true)) {
    fail('a record changed on its way');
    return false;
  }
  if (view.getUint8(2) === 1) {
    picture(payload);
  }
  pending = pending.subarray(12 + length);
  return true;
};

var received = function (bytes) {
  var joined = new Uint8Array(pending.length + bytes.length);
  joined.set(pending);
  joined.set(bytes, pending.length);
  pending = joined;
  while (!broken && record()) { /* goes on as long as a whole record is there */ }
};

onmessage = function (event) {
  event.data.stream.onmessage = function (message) { received(message.data); };
};
