// Pictures of numbers on a canvas.
import { tag } from "./drawn.js";

// Red, green and blue of each of `stops`, "#rrggbb" each, one after the other, read once for each list of them
const read = new WeakMap();
function channels(stops) {
  if (!read.has(stops)) {
    const bytes = stops.flatMap((stop) => [1, 3, 5].map((at) => parseInt(stop.slice(at, at + 2), 16)));
    read.set(stops, Float64Array.from(bytes));
  }
  return read.get(stops);
}

// Each of `shares`, from 0 to 1, in the colour that `stops` have there
export function paint(canvas, shares, stops) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const colours = channels(stops),
    last = stops.length - 1;
  for (let n = 0, byte = 0; n < shares.length; n++, byte += 4) {
    const at = Math.min(1, Math.max(0, shares[n])) * last,
      i = Math.min(last - 1, Math.floor(at));
    for (let channel = 0; channel < 3; channel++) {
      const from = colours[3 * i + channel];
      image.data[byte + channel] = Math.round(from + (at - i) * (colours[3 * i + 3 + channel] - from));
    }
    image.data[byte + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

// Ink as black on nothing; in the dark the style turns it over.
export function paintInk(canvas, ink) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < ink.length; i++) image.data[4 * i + 3] = Math.round(255 * ink[i]);
  context.putImageData(image, 0, 0);
}

// A sheet of `across` by `down` pixels, a square unless said otherwise
export function sheet(className, across, parent, down = across) {
  const canvas = tag("canvas", "", tag("div", `course-sheet-box ${className}`, parent));
  Object.assign(canvas, { width: across, height: down });
  return canvas;
}
