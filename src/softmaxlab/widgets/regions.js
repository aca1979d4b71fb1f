import { shape, tag } from "./drawn.js";
import { figure } from "./figure.js";

const SIZE = 340;

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
  const cells = Array.from({ length: side * side }, (_, i) => {
    const x = (i % side) * width,
      y = SIZE - (Math.floor(i / side) + 1) * width;
    return shape("rect", { x, y, width, height: width, class: "course-cell" }, svg);
  });
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
    cells.forEach((cell, i) => {
      const kind = frame[i] > 0.5 ? 1 : 0;
      second += kind;
      cell.setAttribute("style", mark(kind));
      cell.setAttribute("fill-opacity", (0.6 * Math.abs(2 * frame[i] - 1)).toFixed(3));
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
