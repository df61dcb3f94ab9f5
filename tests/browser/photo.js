// A picture that looks like a photograph, as a PNG file: evening sky, sun, hills.
import { deflateSync } from 'node:zlib';

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name), data]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(data.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), out.length - 4);
  return out;
}

const mix = (a, b, share) => a.map((v, i) => v + (b[i] - v) * share);

/** The colour at a place; x and y from 0 to 1. */
function colour(x, y, aspect) {
  const hills = [[0.72, 0.06, 5, [64, 74, 96]], [0.84, 0.05, 9, [38, 48, 60]]];
  for (const [base, height, waves, tone] of hills.reverse()) {
    if (y > base + height * Math.sin(x * waves + base * 40)) return mix(tone, [20, 26, 30], (y - base) * 2);
  }
  const sky = mix([52, 82, 140], [250, 176, 118], Math.min(1, y / 0.75));
  const far = Math.hypot((x - 0.66) * aspect, y - 0.5);
  return far < 0.07 ? [255, 240, 200] : mix(sky, [255, 214, 160], Math.max(0, 0.6 - far * 1.4));
}

/** @returns {Buffer} */
export function photo(width = 640, height = 400) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    rows[at++] = 0; // no filter
    for (let x = 0; x < width; x += 1) {
      for (const v of colour(x / width, y / height, width / height)) rows[at++] = Math.max(0, Math.min(255, Math.round(v)));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8); // 8 bits, RGB
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0)),
  ]);
}
