'use strict';

// Turns the data of a video packet into rectangles of pixels. The data start after the fragment
// number and the encoder's head, whose own length stands in it.
onmessage = ({ data }) => {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const head = view.getUint16(4, true);
  const size = view.getUint32(2 + 69, true);
  let at = 2 + head;
  if (view.getUint16(2, true) !== 1 || head !== 86 || at + size !== data.byteLength) {
    postMessage({ error: 'broken video packet' });
    return;
  }
  const rectangles = [];
  const count = view.getUint16(at, true);
  at += 2;
  for (let i = 0; i < count; i++) {
    const [x, y, width, height] = [0, 2, 4, 6].map((offset) => view.getUint16(at + offset, true));
    at += 8;
    const pixels = new Uint8ClampedArray(4 * width * height);
    for (let out = 0; out < pixels.length; out += 4, at += 2) {
      const pixel = view.getUint16(at, true);
      pixels[out] = (pixel >> 11) * 255 / 31;
      pixels[out + 1] = (pixel >> 5 & 63) * 255 / 63;
      pixels[out + 2] = (pixel & 31) * 255 / 31;
      pixels[out + 3] = 255;
    }
    rectangles.push({ x, y, width, height, pixels });
  }
  postMessage({ width: view.getUint16(6, true), height: view.getUint16(8, true), rectangles }, rectangles.map((box) => box.pixels.buffer));
};
