// Grey samples in full depth: how they come, are reduced, and are looked at through a window.

// Deflated bytes in base64, as small tables and maps come within the message.
export async function unpacked(text) {
  return inflated(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Fetch a picture that `pack_samples` in cxr_core/imaging/packing.py packed. No copy of it may stay in the browser's cache.
export async function fetchedSheet({ url, parts, deep, width, height }) {
  const answer = await fetch(url, { cache: "no-store" });
  if (!answer.ok) throw new Error(`the film did not come: ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let end = 0;
  const planes = await Promise.all(parts.map((length) => inflated(bytes.subarray(end, (end += length)))));
  const high = deep ? planes.pop() : null;
  const low = new Uint8Array(width * height);
  let at = 0;
  for (const plane of planes) {
    low.set(plane, at);
    at += plane.length;
  }
  return sheet(deep ? unfolded16(low, high, width) : unfolded8(low, width), width, height);
}

function unfolded16(low, high, width) {
  const samples = new Uint16Array(low.length);
  for (let at = 0, x = 0, left = 0; at < low.length; at++) {
    const folded = low[at] | (high[at] << 8);
    const up = at < width ? 0 : samples[at - width];
    left = (((left + up) >> 1) + ((folded >>> 1) ^ -(folded & 1))) & 0xffff;
    samples[at] = left;
    if (++x === width) x = left = 0;
  }
  return samples;
}

function unfolded8(low, width) {
  const samples = new Uint8Array(low.length);
  for (let at = 0, x = 0, left = 0; at < low.length; at++) {
    const up = at < width ? 0 : samples[at - width];
    left = (((left + up) >> 1) + ((low[at] >>> 1) ^ -(low[at] & 1))) & 0xff;
    samples[at] = left;
    if (++x === width) x = left = 0;
  }
  return samples;
}

// A picture with its halves, each made of the one before when it is first needed.
export function sheet(samples, width, height) {
  let half = null;
  const halved = () => (half ??= halfOf(samples, width, height));
  return { samples, width, height, halved };
}

function halfOf(samples, width, height) {
  const [columns, rows] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const means = new samples.constructor(columns * rows);
  const [right, below] = [width > 1 ? 1 : 0, height > 1 ? width : 0];
  for (let y = 0, to = 0; y < rows; y++) {
    for (let x = 0, from = 2 * y * width; x < columns; x++, from += 2) {
      means[to++] = (samples[from] + samples[from + right] + samples[from + below] + samples[from + below + right] + 2) >> 2;
    }
  }
  return sheet(means, columns, rows);
}

// The samples that a canvas of `width` x `height` pixels shows: those of the rectangle that holds film, between its neighbours
// interpolated. `across(column)` and `down(row)` tell where on the film, in shares of its extent, the middle of a canvas pixel lies;
// `turned` says that a column of the canvas lies along a row of the film.
export function resampled(source, width, height, across, down, turned) {
  const reach = Math.abs(across(1) - across(0)) * (turned ? source.height : source.width);
  let from = source;
  for (let pixels = reach; pixels >= 1.999; pixels /= 2) from = from.halved(); // at most two of them for one of the canvas
  const { samples } = from;
  const columns = taps(across, width, turned ? from.height : from.width, turned ? from.width : 1);
  const rows = taps(down, height, turned ? from.width : from.height, turned ? 1 : from.width);
  const shown = new Uint16Array(columns.count * rows.count);
  for (let row = 0, to = 0; row < rows.count; row++) {
    const [first, second, weight] = [rows.first[row], rows.second[row], rows.weight[row]];
    for (let column = 0; column < columns.count; column++) {
      const [near, far, share] = [columns.first[column], columns.second[column], columns.weight[column]];
      const [a, b] = [samples[first + near], samples[second + near]];
      const upper = (a << 7) + (samples[first + far] - a) * share;
      const lower = (b << 7) + (samples[second + far] - b) * share;
      shown[to++] = ((upper << 7) + (lower - upper) * weight + 8192) >> 14;
    }
  }
  return { shown, left: columns.start, top: rows.start, width: columns.count, height: rows.count };
}

// For each canvas pixel along one axis: offsets of the two samples that it lies between, and the second one's weight in 128ths.
function taps(place, length, extent, stride) {
  const inside = (pixel) => place(pixel) >= 0 && place(pixel) < 1;
  let start = 0;
  while (start < length && !inside(start)) start++;
  let end = length;
  while (end > start && !inside(end - 1)) end--;
  const count = end - start;
  const [first, second, weight] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
  for (let tap = 0; tap < count; tap++) {
    const at = Math.min(extent - 1, Math.max(0, place(start + tap) * extent - 0.5));
    const whole = Math.floor(at);
    first[tap] = whole * stride;
    second[tap] = Math.min(extent - 1, whole + 1) * stride;
    weight[tap] = Math.round((at - whole) * 128);
  }
  return { start, count, first, second, weight };
}

// Opaque RGBA of every sample, one number each, as `windowed` in cxr_core/imaging/display.py has it.
export function greyTable(values, { level, width, curve }, inverted, invert) {
  const table = new Uint32Array(values.length);
  const negative = (inverted && !curve) !== invert; // a curve has the file's polarity in it
  for (let sample = 0; sample < values.length; sample++) {
    const share = curve ? curve[sample] / 255 : Math.min(1, Math.max(0, (values[sample] - level) / width + 0.5));
    table[sample] = 0xff000000 | (Math.floor((negative ? 1 - share : share) * 255 + 0.5) * 0x010101);
  }
  return table;
}
