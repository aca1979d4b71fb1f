import { shape, tag } from "./drawn.js";
import { figure } from "./figure.js";
import { sweep } from "./grip.js";

const SIZE = 340,
  TICK = 9, // how long the strokes are that say on which side of its line a unit is on
  TICKS = [0.06, 0.94]; // and where on the line
// Cells of one class that are as sure, to a part in LEVELS, are one path: a page is slow with an element for each.
const LEVELS = 128;

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    limit = model.get("limit"),
    classes = model.get("classes"),
    lines = model.get("lines"),
    grids = model.get("grids");
  const side = Math.sqrt(model.get("shape").at(-1)),
    width = SIZE / side;
  const number = (position) => position.reduce((n, index, axis) => n * grids[axis].length + index, 0);
  const label = `What is answered at each place of a square, and the points of ${labels.join(" and ")}`;
  const svg = shape("svg", { viewBox: `-1 -1 ${SIZE + 2} ${SIZE + 2}`, role: "img", "aria-label": label }, el);
  svg.classList.add("course-regions");
  sweep(svg, model, SIZE);
  const mark = (name) => `--mark: var(--course-class-${name})`;

  // The first row is the lowest.
  const near = (length) => Number(length.toFixed(2));
  const cell = (i, count) => {
    const x = (i % side) * width,
      y = SIZE - (Math.floor(i / side) + 1) * width;
    return `M${near(x)},${near(y)}h${near(count * width)}v${near(width)}h-${near(count * width)}z`;
  };
  const layers = [0, 1].map((kind) =>
    Array.from({ length: LEVELS + 1 }, (_, level) => {
      const sure = (0.6 * level) / LEVELS;
      return shape("path", { class: "course-cell", style: mark(kind), "fill-opacity": sure.toFixed(3) }, svg);
    }),
  );
  shape("rect", { width: SIZE, height: SIZE, class: "course-sheet" }, svg);
  const folds = shape("path", { class: "course-fold" }, svg);

  // One class has discs, the other squares.
  const spot = (x, y, kind, parent) => {
    const style = mark(kind),
      name = "course-spot";
    if (kind) shape("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7, class: name, style }, parent);
    else shape("circle", { cx: x, cy: y, r: 4, class: name, style }, parent);
  };
  const place = (value) => (SIZE * (value + limit)) / (2 * limit);
  model.get("points").forEach(([x, y], i) => spot(place(x), SIZE - place(y), classes[i], svg));

  const legend = tag("div", "course-legend", el);
  const entry = (viewBox, words) => {
    const one = tag("span", "course-entry", legend);
    const key = shape("svg", { viewBox, class: "course-sign", "aria-hidden": "true" }, one);
    tag("span", "", one, ` ${words}`);
    return key;
  };
  labels.forEach((label, i) => spot(6, 6, i, entry("0 0 12 12", label)));
  if (lines.length) {
    const key = entry("0 0 26 12", "the line of a hidden unit, and the side where it is on");
    key.classList.add("course-sign-fold");
    shape("path", { d: "M1,9H25M13,9V1", class: "course-fold" }, key);
  }

  // A line from (x0, y0) to (x1, y1), and strokes to its left, where its unit is on
  const fold = ([x0, y0, x1, y1]) => {
    const from = [place(x0), SIZE - place(y0)];
    const way = [place(x1) - from[0], SIZE - place(y1) - from[1]];
    const length = Math.hypot(...way);
    const left = [way[1] / length, -way[0] / length];
    const at = (share, off) => from.map((start, axis) => near(start + share * way[axis] + off * left[axis])).join(",");
    return `M${at(0, 0)}L${at(1, 0)}${TICKS.map((share) => `M${at(share, 0)}L${at(share, TICK)}`).join("")}`;
  };

  return (position) => {
    const frame = frameAt(position);
    const outlines = layers.map((levels) => levels.map(() => ""));
    const look = (i) => [frame[i] > 0.5 ? 1 : 0, Math.round(LEVELS * Math.abs(2 * frame[i] - 1))];
    // cells side by side that look alike are one piece
    for (let i = 0, count; i < frame.length; i += count) {
      const [kind, level] = look(i);
      count = 1;
      while ((i + count) % side && String(look(i + count)) === String([kind, level])) count++;
      outlines[kind][level] += cell(i, count);
    }
    layers.forEach((levels, kind) => {
      levels.forEach((path, level) => {
        if (outlines[kind][level]) path.setAttribute("d", outlines[kind][level]);
        else path.removeAttribute("d");
      });
    });
    const here = lines[number(position)] ?? [];
    folds.setAttribute("d", here.map(fold).join(""));
    return lines.length ? `${here.length} lines of hidden units cross the square` : "";
  };
}

export default figure(build);
