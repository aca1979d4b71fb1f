import { DASHES } from "./axes.js";
import { shape, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip } from "./grip.js";

// In probabilities any two corners are √2 apart. The triangle is drawn to that scale, so lengths on it are distances.
const CORNERS = [
  [180, 46],
  [40, 288.487],
  [320, 288.487],
];

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    decimals = model.get("decimals");
  const place = (weights) =>
    [0, 1].map((axis) => weights.reduce((sum, weight, i) => sum + weight * CORNERS[i][axis], 0));
  const line = ([x1, y1], [x2, y2], className, parent) => shape("line", { x1, y1, x2, y2, class: className }, parent);

  const svg = shape(
    "svg",
    { viewBox: "0 0 360 344", role: "img", "aria-label": `Triangle with the corners ${labels.join(", ")}` },
    el,
  );
  svg.classList.add("course-simplex");
  const middle = place([1 / 3, 1 / 3, 1 / 3]);
  for (const pair of [
    [0.5, 0.5, 0],
    [0, 0.5, 0.5],
    [0.5, 0, 0.5],
  ])
    line(middle, place(pair), "course-border", svg);
  CORNERS.forEach((corner, i) => line(corner, CORNERS[(i + 1) % 3], "course-edge", svg));
  const ways = labels.map((_, i) => {
    const way = line(CORNERS[i], CORNERS[i], "course-way", svg);
    way.setAttribute("style", `--mark: var(--course-class-${i})`);
    way.setAttribute("stroke-dasharray", DASHES[i]);
    return way;
  });
  const values = labels.map((label, i) => {
    const [cx, cy] = CORNERS[i];
    shape("circle", { cx, cy, r: 7, class: "course-corner", style: `--mark: var(--course-class-${i})` }, svg);
    shape("text", { x: cx, y: i ? cy + 25 : cy - 30, class: "course-label" }, svg).textContent = label;
    return shape("text", { x: cx, y: i ? cy + 43 : cy - 13, class: "course-value course-title" }, svg);
  });
  const handle = shape("circle", { r: 24, class: "course-handle", fill: "transparent" }, svg);
  const point = shape("circle", { r: 6, class: "course-point" }, svg);

  // The position whose point lies nearest
  const counts = model.get("grids").map((grid) => grid.length);
  const all = counts.reduce((most, count) => most * count, 1);
  const places = Array.from({ length: all }, (_, n) => {
    const position = counts.map((_, axis) => {
      const later = counts.slice(axis + 1).reduce((most, count) => most * count, 1);
      return Math.floor(n / later) % counts[axis];
    });
    return { position, at: place([...frameAt(position)]) };
  });
  grip(svg, model, ([x, y]) => {
    const far = ({ at }) => (at[0] - x) ** 2 + (at[1] - y) ** 2;
    const { position } = places.reduce((best, one) => (far(one) < far(best) ? one : best));
    return Object.fromEntries(position.map((index, axis) => [`index${axis}`, index]));
  });

  return (position) => {
    const frame = [...frameAt(position)],
      [x, y] = place(frame);
    for (const circle of [handle, point]) {
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
    }
    const said = labels.map((label, i) => {
      ways[i].setAttribute("x2", x);
      ways[i].setAttribute("y2", y);
      values[i].textContent = written(frame[i], decimals);
      return `${label} ${values[i].textContent}`;
    });
    return `probability: ${said.join(", ")}`;
  };
}

export default figure(build);
