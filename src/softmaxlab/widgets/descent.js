import { minus, ticks } from "./axes.js";
import { shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, nearest } from "./grip.js";

const LEFT = 60,
  WIDE = 272,
  TOP = 12,
  LOW = 210; // the map, and how high the loss beside it is
const FAR = 5000; // beyond it a line is off the picture in any case, and some browsers draw it wrongly

function build({ model, el, frameAt }) {
  const across = model.get("x"),
    up = model.get("y"),
    heights = model.get("heights");
  const xlabel = model.get("xlabel"),
    ylabel = model.get("ylabel"),
    bound = model.get("bound");
  const rates = model.get("grids")[0],
    name = model.get("names")[0];
  const steps = frameAt(model.get("grids").map(() => 0)).length / 3 - 1;
  const scale = WIDE / (across[1] - across[0]),
    high = scale * (up[1] - up[0]);

  // A scale of the first slider, with its bound: what lies beyond is too large.
  const ends = [Math.min(...rates), Math.max(...rates)];
  const along = (value) => 12 + ((value - ends[0]) / (ends[1] - ends[0] || 1)) * 316;
  const marked = bound > ends[0] && bound < ends[1];
  let rate;
  if (marked) {
    const ruler = shape(
      "svg",
      {
        viewBox: "0 0 340 52",
        role: "img",
        "aria-label": `Scale of the ${name}, with the bound 2/λ at ${written(bound, 2)}`,
      },
      el,
    );
    ruler.classList.add("course-ruler");
    shape("line", { x1: along(ends[0]), x2: along(bound), y1: 28, y2: 28, class: "course-edge" }, ruler);
    shape("line", { x1: along(bound), x2: along(ends[1]), y1: 28, y2: 28, class: "course-beyond" }, ruler);
    shape("line", { x1: along(bound), x2: along(bound), y1: 19, y2: 37, class: "course-limit" }, ruler);
    const middle = Math.min(along(bound), 260);
    shape("text", { x: middle, y: 13, class: "course-label" }, ruler).textContent = `2/λ = ${written(bound, 2)}`;
    shape("text", { x: along(ends[0]), y: 48, class: "course-from" }, ruler).textContent = `${name} ${minus(ends[0])}`;
    shape("text", { x: along(ends[1]), y: 48, class: "course-tick" }, ruler).textContent = minus(ends[1]);
    rate = shape("circle", { cy: 28, r: 5.5, class: "course-point course-handle" }, ruler);
    grip(ruler, model, ([x]) => ({ index0: nearest(rates.map(along), x) }));
  }

  const row = tag("div", "course-panels", el);
  // An inner svg hides what leaves it, and needs no name to do so.
  const panel = (height, label) => {
    const svg = shape("svg", { viewBox: `0 0 340 ${TOP + height + 46}`, role: "img", "aria-label": label }, row);
    const inner = shape("svg", { x: LEFT, y: TOP, width: WIDE, height, overflow: "hidden" }, svg);
    const frame = shape("rect", { x: LEFT, y: TOP, width: WIDE, height, class: "course-sheet" }, svg);
    const written = (x, y, text, className) => {
      shape("text", { x, y, class: className }, svg).textContent = text;
    };
    const side = (text) => {
      shape(
        "text",
        { transform: `translate(15 ${TOP + height / 2}) rotate(-90)`, class: "course-label" },
        svg,
      ).textContent = text;
    };
    return { svg, inner, frame, written, side };
  };

  const map = panel(high, `Contours of the loss over ${xlabel} and ${ylabel}, and the way down`);
  const place = (x, y) => [(x - across[0]) * scale, (up[1] - y) * scale];
  for (const line of model.get("contours")) {
    const points = Array.from({ length: line.length / 2 }, (_, i) =>
      place(line[2 * i], line[2 * i + 1])
        .map((v) => v.toFixed(1))
        .join(),
    );
    shape("path", { d: `M${points.join("L")}`, class: "course-contour" }, map.inner);
  }
  for (const value of ticks(across, 6))
    map.written(LEFT + place(value, 0)[0], TOP + high + 18, minus(value), "course-label");
  for (const value of ticks(up, 6)) map.written(LEFT - 6, TOP + place(0, value)[1] + 5, minus(value), "course-tick");
  map.written(LEFT + WIDE / 2, TOP + high + 40, xlabel, "course-label");
  map.side(ylabel);

  const chart = panel(LOW, `The loss at each of ${steps} steps`);
  const rise = (step, loss) => [(step / steps) * WIDE, LOW - ((loss - heights[0]) / (heights[1] - heights[0])) * LOW];
  for (const value of ticks(heights, 6)) {
    const y = rise(0, value)[1];
    shape("line", { x1: 0, x2: WIDE, y1: y, y2: y, class: "course-grid" }, chart.inner);
    chart.written(LEFT - 6, TOP + y + 5, minus(value), "course-tick");
  }
  for (const value of ticks([0, steps], 6))
    chart.written(LEFT + rise(value, 0)[0], TOP + LOW + 18, value, "course-label");
  chart.written(LEFT + WIDE / 2, TOP + LOW + 40, "step", "course-label");
  chart.side("loss, in nats");

  const parts = [map, chart].map(({ inner }) => ({
    ahead: shape("path", { class: "course-ahead" }, inner),
    trail: shape("path", { class: "course-trail" }, inner),
    stops: shape("g", { class: "course-stops" }, inner),
    dot: shape("circle", { r: 6, class: "course-dot", style: "--mark: var(--course-class-1)" }, inner),
  }));
  const legend = tag("div", "course-legend", el);
  const outputs = ["step", xlabel, ylabel, "loss"].map((label) => {
    const entry = tag("span", "course-entry", legend, `${label} `);
    return { label, output: tag("output", "", entry) };
  });
  const news = tag("p", "course-news", el);

  // In the chart one points at a step. In the map at a start, where a slider moves it, and else at a step of the path.
  const counts = model.get("grids").map((grid) => grid.length);
  const now = () => counts.map((_, axis) => model.get(`index${axis}`));
  const point = (position, step) => place(...frameAt(position).subarray(3 * step, 3 * step + 2));
  const starts = counts.map((count, axis) =>
    Array.from({ length: count }, (_, i) => point(counts.map(() => 0).with(axis, i), 0)),
  );
  const movesStart = starts.findIndex((all) => all.some((one) => String(one) !== String(all[0])));
  const closest = (all, [x, y]) =>
    nearest(
      all.map((one) => Math.hypot(one[0] - x, one[1] - y)),
      0,
    );
  grip(map.svg, model, ([x, y]) => {
    const at = [x - LEFT, y - TOP];
    if (movesStart >= 0) return { [`index${movesStart}`]: closest(starts[movesStart], at) };
    const position = now();
    const path = Array.from({ length: steps + 1 }, (_, step) => point(position, step));
    return { pointer_index: closest(path, at) };
  });
  grip(chart.svg, model, ([x]) => ({
    pointer_index: Math.min(steps, Math.max(0, Math.round(((x - LEFT) / WIDE) * steps))),
  }));

  const near = (points) => {
    const known = points.findIndex((point) => !point.every(Number.isFinite));
    return (known < 0 ? points : points.slice(0, known)).map((point) =>
      point.map((v) => Math.max(-FAR, Math.min(FAR, v)).toFixed(2)),
    );
  };
  const path = (points) => (points.length ? `M${points.map((point) => point.join()).join("L")}` : "");
  const inside = ([x, y], height) => x >= 0 && x <= WIDE && y >= 0 && y <= height;

  return (position, at) => {
    const frame = frameAt(position);
    const points = Array.from({ length: steps + 1 }, (_, i) => frame.subarray(3 * i, 3 * i + 3));
    const ways = [points.map(([x, y]) => place(x, y)), points.map(([, , loss], step) => rise(step, loss))];
    parts.forEach(({ ahead, trail, stops, dot }, n) => {
      const all = ways[n],
        drawn = near(all),
        here = all[at];
      ahead.setAttribute("d", path(drawn));
      trail.setAttribute("d", path(drawn.slice(0, at + 1)));
      stops.replaceChildren();
      for (const [cx, cy] of n ? [] : drawn.slice(0, at + 1))
        shape("circle", { cx, cy, r: 2.6, class: "course-stop" }, stops);
      const seen = inside(here, n ? LOW : high);
      dot.classList.toggle("course-off", !seen);
      dot.setAttribute("cx", seen ? here[0] : 0);
      dot.setAttribute("cy", seen ? here[1] : 0);
    });
    if (rate) rate.setAttribute("cx", along(rates[position[0]]));
    const numbers = [String(at), written(points[at][0], 3), written(points[at][1], 3), written(points[at][2], 3)];
    const said = outputs.map(({ label, output }, i) => {
      output.textContent = numbers[i];
      return `${label} ${numbers[i]}`;
    });
    const left = ways[0].findIndex((point) => !inside(point, high)),
      back = inside(ways[0].at(-1), high);
    news.textContent =
      left < 0
        ? "The whole path is inside the picture."
        : `The path leaves the picture at step ${left}${back ? " and comes back" : ""}.`;
    if (!inside(ways[0][at], high)) news.textContent += " This step is outside.";
    if (marked) {
      const too = rates[position[0]] > bound;
      news.textContent += ` The ${name}, ${minus(+rates[position[0]].toPrecision(6))}, is ${too ? "above" : "below"} 2/λ.`;
    }
    return [...said, news.textContent].join("; ");
  };
}

export default figure(build);
