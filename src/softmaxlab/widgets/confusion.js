import { shape, tag } from "./drawn.js";
import { figure } from "./figure.js";
import { grip } from "./grip.js";
import { paintInk, sheet } from "./paint.js";

const LEVELS = 15, // as in confusion.py
  FIELD = 31,
  LEFT = 36,
  TOP = 44;

// The pictures in the bytes that `packed` wrote, each a Float32Array of ink
function unpacked(view, pixels) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const halves = Array.from(bytes).flatMap((byte) => [byte >> 4, byte & 15]);
  const ink = [];
  for (let at = 0; at < halves.length; at++) {
    if (halves[at]) ink.push(halves[at] / LEVELS);
    else for (let run = halves[++at] ?? 0; run >= 0; run--) ink.push(0);
  }
  const count = Math.floor(ink.length / pixels);
  return Array.from({ length: count }, (_, n) => Float32Array.from(ink.slice(n * pixels, (n + 1) * pixels)));
}

function build({ model, el, frameAt }) {
  const counts = model.get("table"),
    side = model.get("side"),
    [row, column] = model.get("names"),
    classes = counts.map((_, number) => model.get("grids")[0][number]);
  const k = counts.length;
  const pictures = unpacked(model.get("pictures"), side * side);
  const most = Math.max(1, ...counts.flatMap((line, i) => line.filter((_, j) => i !== j)));

  const all = tag("div", "course-confusion", el);
  const size = k * FIELD;
  const viewBox = `0 0 ${LEFT + size + 2} ${TOP + size + 2}`;
  const label = `How often each ${row} was ${column} each, ${k} rows and ${k} columns`;
  const svg = shape("svg", { viewBox, role: "img", "aria-label": label, class: "course-times" }, all);
  const write = (text, x, y, className) => {
    shape("text", { x, y, class: className }, svg).textContent = text;
  };
  write(column, LEFT + size / 2, 14, "course-label");
  write(row, 0, TOP - 8, "course-row-name");
  const fields = counts.map((line, i) => {
    write(classes[i], LEFT - 12, TOP + (i + 0.65) * FIELD, "course-tick");
    write(classes[i], LEFT + (i + 0.5) * FIELD, TOP - 8, "course-label");
    return line.map((count, j) => {
      const x = LEFT + j * FIELD,
        y = TOP + i * FIELD;
      const shade = i === j ? 0 : (0.5 * count) / most;
      const look = { class: "course-tally", "fill-opacity": shade.toFixed(3) };
      const field = shape("rect", { x, y, width: FIELD, height: FIELD, ...look }, svg);
      const kind = i === j ? "course-count course-right-count" : "course-count";
      if (count) write(count, x + FIELD / 2, y + 0.65 * FIELD, kind);
      return field;
    });
  });
  shape("rect", { x: LEFT, y: TOP, width: size, height: size, class: "course-sheet" }, svg);
  const chosen = shape("rect", { width: FIELD, height: FIELD, class: "course-chosen-field" }, svg);
  const at = (place, start) => Math.floor((place - start) / FIELD);
  grip(svg, model, ([x, y]) => {
    const [i, j] = [at(y, TOP), at(x, LEFT)];
    return fields[i]?.[j] ? { index0: i, index1: j } : null;
  });

  const beside = tag("div", "course-behind", all);
  const said = tag("p", "course-behind-words", beside);
  const gallery = tag("div", "course-gallery", beside);
  const shown = Array.from(frameAt([0, 0]), () => {
    const canvas = sheet("course-behind-picture", side, gallery);
    canvas.className = "course-canvas";
    canvas.setAttribute("role", "img");
    return canvas;
  });

  return ([i, j]) => {
    chosen.setAttribute("x", LEFT + j * FIELD);
    chosen.setAttribute("y", TOP + i * FIELD);
    const count = counts[i][j];
    const numbers = Array.from(frameAt([i, j]));
    const here = numbers.filter((number) => number >= 0).length;
    shown.forEach((canvas, n) => {
      canvas.parentElement.classList.toggle("course-off", numbers[n] < 0);
      canvas.setAttribute("aria-label", `Picture ${n + 1}: a ${classes[i]}, ${column} ${classes[j]}`);
      if (numbers[n] >= 0) paintInk(canvas, pictures[numbers[n]]);
    });
    const words = `${row} ${classes[i]}, ${column} ${classes[j]}: ${count}`;
    said.textContent = here < count ? `${words}, here ${here}` : words;
    return said.textContent;
  };
}

export default figure(build);
