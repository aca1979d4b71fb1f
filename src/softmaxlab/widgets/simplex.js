import { DASHES } from "./axes.js";
import { shape, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip } from "./grip.js";

// In probabilities any two corners are √2 apart. The triangle is drawn to that scale, so lengths on it are distances.
const CORNERS = [
  [180, 52],
  [30, 311.808],
  [330, 311.808],
];

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    decimals = model.get("decimals"),
    distances = model.get("distances"),
    line = model.get("line");
  const place = (weights) =>
    [0, 1].map((axis) => weights.reduce((sum, weight, i) => sum + weight * CORNERS[i][axis], 0));
  const joined = (points) => `M${points.map((point) => point.map((v) => v.toFixed(2)).join()).join("L")}`;

  const svg = shape(
    "svg",
    {
      viewBox: distances ? "0 0 360 376" : "0 0 360 358",
      role: "img",
      "aria-label": `Triangle with the corners ${labels.join(", ")}`,
    },
    el,
  );
  svg.classList.add("course-simplex");
  const style = (i) => `--mark: var(--course-class-${i})`;
  // Where each class is the most probable: its corner, the middles of two sides, and the centre
  const middle = place([1 / 3, 1 / 3, 1 / 3]);
  const areas = labels.map((_, i) => {
    const sides = [1, 2].map((step) => {
      const other = (i + step) % 3;
      return place(labels.map((_, j) => (j === i || j === other ? 0.5 : 0)));
    });
    const d = `${joined([CORNERS[i], sides[0], middle, sides[1]])}Z`;
    return shape("path", { d, class: "course-area", style: style(i) }, svg);
  });
  shape("path", { d: `${joined(CORNERS)}Z`, class: "course-side" }, svg);
  const way = line ? shape("path", { class: "course-line" }, svg) : null;
  const ways = labels.map((_, i) => {
    const [x1, y1] = CORNERS[i];
    const look = { x1, y1, class: "course-way", style: style(i), "stroke-dasharray": DASHES[i] };
    return distances ? shape("line", look, svg) : null;
  });
  const values = labels.map((label, i) => {
    const [cx, cy] = CORNERS[i];
    shape("circle", { cx, cy, r: 7, class: "course-corner", style: style(i) }, svg);
    const x = [cx, 4, 356][i],
      side = ["course-label", "course-from", "course-tick"][i];
    const write = (line, className) =>
      shape("text", { x, y: i ? cy + 24 + 18 * line : (distances ? 0 : 14) + 18 * line + 14, class: className }, svg);
    const name = write(0, side);
    name.textContent = `${label} `;
    const prob = shape("tspan", { class: "course-value course-title" }, name);
    return { name, prob, far: distances ? write(1, `${side} course-far`) : null };
  });
  const handle = shape("circle", { r: 24, class: "course-handle", fill: "transparent" }, svg);
  const point = shape("circle", { r: 9, class: "course-point" }, svg);

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
    const last = position.length - 1;
    way?.setAttribute(
      "d",
      joined(Array.from({ length: counts[last] }, (_, i) => place([...frameAt(position.with(last, i))]))),
    );
    const top = Math.max(...frame);
    const said = labels.map((label, i) => {
      areas[i].classList.toggle("course-nearest", frame[i] === top);
      ways[i]?.setAttribute("x2", x);
      ways[i]?.setAttribute("y2", y);
      const { prob, far } = values[i];
      prob.textContent = written(frame[i], decimals);
      if (!distances) return `${label} ${prob.textContent}`;
      const distance = Math.hypot(...frame.map((share, j) => share - (i === j ? 1 : 0)));
      far.textContent = `distance ${written(distance, decimals)}`;
      return `${label} ${prob.textContent}, ${far.textContent}`;
    });
    return said.join("; ");
  };
}

export default figure(build);
