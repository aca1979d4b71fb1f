import { shape, tag } from "./drawn.js";
import { figure } from "./figure.js";

const SIZE = 340;
// Cells of one class that are as sure, to a part in LEVELS, are one path: a page is slow with an element for each.
const LEVELS = 128;

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    limit = model.get("limit"),
    classes = model.get("classes");
  const side = Math.sqrt(model.get("shape").at(-1)),
    width = SIZE / side;
  const svg = shape("svg", { viewBox: `-1 -1 ${SIZE + 2} ${SIZE + 2}`, role: "img" }, el);
  svg.classList.add("course-regions");
  const mark = (name) => `--mark: var(--course-class-${name})`;

  // The first row is the lowest.
  const near = (length) => Number(length.toFixed(2));
  const cells = Array.from({ length: side * side }, (_, i) => {
    const x = (i % side) * width,
      y = SIZE - (Math.floor(i / side) + 1) * width;
    return `M${near(x)},${near(y)}h${near(width)}v${near(width)}h-${near(width)}z`;
  });
  const layers = [0, 1].map((kind) =>
    Array.from({ length: LEVELS + 1 }, (_, level) => {
      const sure = (0.6 * level) / LEVELS;
      return shape("path", { class: "course-cell", style: mark(kind), "fill-opacity": sure.toFixed(3) }, svg);
    }),
  );
  shape("rect", { width: SIZE, height: SIZE, class: "course-sheet" }, svg);

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
  const shares = labels.map((label, i) => {
    const entry = tag("span", "course-entry", legend);
    const swatch = shape("svg", { viewBox: "0 0 12 12", class: "course-key", "aria-hidden": "true" }, entry);
    spot(6, 6, i, swatch);
    tag("span", "", entry, ` ${label}: `);
    const share = tag("output", "", entry);
    tag("span", "", entry, " % of the square");
    return share;
  });

  return (position) => {
    const frame = frameAt(position);
    let second = 0;
    const outlines = layers.map((levels) => levels.map(() => ""));
    cells.forEach((cell, i) => {
      const kind = frame[i] > 0.5 ? 1 : 0;
      second += kind;
      outlines[kind][Math.round(LEVELS * Math.abs(2 * frame[i] - 1))] += cell;
    });
    layers.forEach((levels, kind) => {
      levels.forEach((path, level) => {
        if (outlines[kind][level]) path.setAttribute("d", outlines[kind][level]);
        else path.removeAttribute("d");
      });
    });
    const percent = Math.round((100 * second) / frame.length);
    shares[0].textContent = 100 - percent;
    shares[1].textContent = percent;
    const said = labels.map((label, i) => `${label} ${shares[i].textContent} %`).join(", ");
    svg.setAttribute("aria-label", `Square of answers: ${said}`);
    return `share of the square: ${said}`;
  };
}

export default figure(build);
