// Pictures of numbers on a canvas.
import { tag } from "./drawn.js";

// `share` from 0 to 1 -> red, green, blue
function colour(stops, share) {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return [0, 2, 4].map((byte) => {
    const [from, to] = [stops[i], stops[i + 1]].map((stop) => parseInt(stop.slice(1 + byte, 3 + byte), 16));
    return Math.round(from + (at - i) * (to - from));
  });
}

// Each of `shares`, 0 to 1, in the colour that `stops`, "#rrggbb" each, have there
export function paint(canvas, shares, stops) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  shares.forEach((share, i) => image.data.set([...colour(stops, share), 255], 4 * i));
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
