import { DASHES, logTicks, minus, ticks } from "./axes.js";
import { floats, shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, nearest } from "./grip.js";

const LEFT = 58,
  RIGHT = 430,
  HIGH = 12,
  LOW = 206;

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    decimals = model.get("decimals"),
    grid = model.get("grids")[0];
  const xlabel = model.get("xlabel"),
    ylabel = model.get("ylabel");
  const points = model.get("points"),
    log = model.get("log"),
    rise = log ? Math.log10 : (value) => value;
  const heights = [...floats(model.get("frames")), ...points.map((point) => point[2])]
    .filter(Number.isFinite)
    .map(rise);
  const foot = log ? heights[0] : 0;
  const most = heights.reduce((a, b) => Math.max(a, b), foot),
    least = heights.reduce((a, b) => Math.min(a, b), foot);
  const x = (value) => LEFT + ((value - grid[0]) / (grid.at(-1) - grid[0] || 1)) * (RIGHT - LEFT);
  const y = (value) => LOW - ((rise(value) - least) / (most - least || 1)) * (LOW - HIGH);

  const legend = tag("div", "course-legend", el);
  const svg = shape(
    "svg",
    {
      viewBox: "0 0 440 256",
      role: "img",
      "aria-label": `Curves: ${ylabel} of ${labels.join(", ")} against ${xlabel}`,
    },
    el,
  );
  svg.classList.add("course-curves");
  // Whole numbers, evenly spaced and not too many, have a tick each.
  const few =
    grid.length <= 13 &&
    grid.every(
      (value, i) => Number.isInteger(value) && Math.abs(value) < 100 && value - grid[0] === i * (grid[1] - grid[0]),
    );
  for (const value of few ? grid : ticks([grid[0], grid.at(-1)], 4)) {
    shape("text", { x: x(value), y: LOW + 18, class: "course-label" }, svg).textContent = minus(+value.toPrecision(6));
  }
  for (const value of log ? logTicks([least, most]) : ticks([least, most], 4)) {
    shape("line", { x1: LEFT, x2: RIGHT, y1: y(value), y2: y(value), class: "course-grid" }, svg);
    shape("text", { x: LEFT - 7, y: y(value) + 5, class: "course-tick" }, svg).textContent = minus(
      +value.toPrecision(6),
    );
  }
  shape("text", { x: (LEFT + RIGHT) / 2, y: 250, class: "course-label" }, svg).textContent = xlabel;
  shape(
    "text",
    { transform: `translate(13 ${(LOW + HIGH) / 2}) rotate(-90)`, class: "course-label" },
    svg,
  ).textContent = ylabel;
  const marker = shape("line", { y1: HIGH, y2: LOW, class: "course-marker" }, svg);
  const parts = labels.map((label, i) => {
    const style = `--mark: var(--course-class-${i % 4})`;
    const entry = tag("span", "course-entry", legend);
    const swatch = shape("svg", { viewBox: "0 0 30 10", "aria-hidden": "true", class: "course-swatch" }, entry);
    shape("path", { d: "M1,5H29", class: "course-curve", style, "stroke-dasharray": DASHES[i % 4] }, swatch);
    entry.append(` ${label} `);
    return {
      label,
      value: tag("output", "", entry),
      curve: shape("path", { class: "course-curve", style, "stroke-dasharray": DASHES[i % 4] }, svg),
      dot: shape("circle", { r: 5, class: "course-dot", style }, svg),
    };
  });

  grip(svg, model, ([at]) => ({ index0: nearest(grid.map(x), at) }));

  const marks = shape("g", {}, svg);
  // The points that belong to where the other sliders stand.
  const here = (others) =>
    points.filter((point) => others.every((at, i) => point[3 + i] === model.get("grids")[i + 1][at]));

  let drawn;
  return ([first, ...others]) => {
    const frame = frameAt([first, ...others]);
    if (drawn !== String(others)) {
      drawn = String(others);
      parts.forEach(({ curve }, i) => {
        const way = grid.map((value, at) => `${x(value).toFixed(1)},${y(frameAt([at, ...others])[i]).toFixed(2)}`);
        curve.setAttribute("d", `M${way.join("L")}`);
      });
      marks.replaceChildren();
      for (const [curve, place, height] of here(others)) {
        const style = `--mark: var(--course-class-${curve % 4})`;
        shape(
          "rect",
          { x: x(place) - 5, y: y(height) - 5, width: 10, height: 10, class: "course-measured", style },
          marks,
        );
      }
    }
    marker.setAttribute("x1", x(grid[first]));
    marker.setAttribute("x2", x(grid[first]));
    const said = parts.map(({ label, value, dot }, i) => {
      dot.setAttribute("cx", x(grid[first]));
      dot.setAttribute("cy", y(frame[i]));
      value.textContent = written(frame[i], decimals);
      return `${label} ${value.textContent}`;
    });
    const measured = here(others).map(
      ([curve, place, height]) => `${labels[curve]} ${written(height, decimals)} at ${place}`,
    );
    return `${ylabel}: ${said.join(", ")}${measured.length ? `; measured: ${measured.join(", ")}` : ""}`;
  };
}

export default figure(build);
