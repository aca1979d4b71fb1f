// Draw the figures of pages without a browser: reads lines of JSON, a record each, and answers each with a line of HTML.
// What it draws is what `host.js` draws in the page, so a page shows its figures before, and without, any script.
// Its one argument is the folder whose node_modules has linkedom.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { deflateSync } from "node:zlib";

const { parseHTML } = createRequire(`${process.argv[2]}/`)("linkedom");
const { document, Event } = parseHTML("<!doctype html><html><body></body></html>");

// A canvas keeps its pixels, and is written as the picture that they are.
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function png(width, height, data) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), Buffer.from(data.buffer, 4 * width * y, 4 * width)]),
  );
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]).toString("base64");
}

function withCanvas(element) {
  let painted = null;
  element.getContext = () => ({
    createImageData: (width, height) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: (image) => {
      painted = image;
    },
  });
  element.picture = () => painted && png(painted.width, painted.height, painted.data);
  return element;
}

const create = document.createElement.bind(document);
document.createElement = (name) => (name === "canvas" ? withCanvas(create(name)) : create(name));
Object.assign(globalThis, {
  document,
  Event,
  requestAnimationFrame: () => 0,
  cancelAnimationFrame: () => {},
  MutationObserver: class {
    observe() {}
    disconnect() {}
  },
});

const { figures } = await import("../book/_site/figures.js");
const { draw } = await import("../book/_site/host.js");

function html(record) {
  const el = create("div");
  draw(record, el, figures);
  for (const canvas of el.querySelectorAll("canvas")) {
    if (canvas.closest("[data-needs=script]")) continue;
    const picture = canvas.picture();
    if (!picture) continue;
    const image = create("img");
    image.setAttribute("alt", canvas.getAttribute("aria-label") ?? "");
    if (canvas.className) image.className = canvas.className;
    image.setAttribute("width", canvas.width);
    image.setAttribute("height", canvas.height);
    image.setAttribute("src", `data:image/png;base64,${picture}`);
    canvas.replaceWith(image);
  }
  // a script that is not there cannot be asked to announce or to move anything
  for (const one of el.querySelectorAll("[role=status]")) one.remove();
  return el.innerHTML;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(html(JSON.parse(line)))}\n`);
}
