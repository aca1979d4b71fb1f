import { minus, ticks } from "./axes.js";
import { shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, nearest } from "./grip.js";

const LEFT = 52,
  RIGHT = 430,
  TALL = 250,
  STRIP = 34; // how high the bar of all shares together would be

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    means = model.get("means"),
    ends = model.get("ends"),
    decimals = model.get("decimals"),
    band = model.get("band"),
    span = model.get("span"),
    grids = model.get("grids");
  const [rows, columns] = model.get("shape").slice(-2),
    count = columns - (means.length ? 1 : 0);
  const top = labels.length ? 8 : 70,
    low = top + TALL;
  const within = (value) => Math.min(ends[1], Math.max(ends[0], value));
  const share = (value) => (value - ends[0]) / (ends[1] - ends[0]);
  const x = (value) => LEFT + share(within(value)) * (RIGHT - LEFT);
  const y = (value) => low - share(within(value)) * TALL;
  const dotAt = (frame, i) => Array.from({ length: rows }, (_, row) => frame[row * columns + i]);

  const legend = tag("div", "course-legend", el);
  const title = labels.length ? tag("strong", "course-entry", legend) : null;
  const entry = (name, mark) => {
    const one = tag("span", "course-entry", legend);
    if (mark) {
      const swatch = shape("svg", { viewBox: "0 0 14 14", "aria-hidden": "true", class: "course-key" }, one);
      shape("circle", { cx: 7, cy: 7, r: 5.5, class: "course-mean" }, swatch);
    }
    one.append(` ${name} `);
    return tag("output", "", one);
  };
  const told = means.length
    ? means.map((name, i) => entry(name, i === 0))
    : model.get("pointer_name")
      ? [model.get("xlabel"), model.get("ylabel"), ...(span ? [span] : [])].map((name) => entry(name))
      : [];

  const svg = shape(
    "svg",
    {
      viewBox: `0 0 440 ${low + 48}`,
      role: "img",
      "aria-label": `${model.get("ylabel")} against ${model.get("xlabel")}, and the diagonal on which both are equal`,
    },
    el,
  );
  svg.classList.add("course-diagonal");
  const text = (className, attributes, words) => {
    shape("text", { class: className, ...attributes }, svg).textContent = words;
  };
  const whole = ticks(ends, ends[1] - ends[0] > 5 ? 10 : 5);
  for (const value of whole) {
    shape("line", { x1: LEFT, x2: RIGHT, y1: y(value), y2: y(value), class: "course-grid" }, svg);
    text("course-label", { x: x(value), y: low + 18 }, minus(value));
    text("course-tick", { x: LEFT - 8, y: y(value) + 5 }, minus(value));
  }
  text("course-label", { x: (LEFT + RIGHT) / 2, y: low + 42 }, model.get("xlabel"));
  text("course-label", { transform: `translate(13 ${low - TALL / 2}) rotate(-90)` }, model.get("ylabel"));
  if (band) {
    const [from, to] = ends;
    const corners = [
      [from, from - band],
      [from, from + band],
      [to, to + band],
      [to, to - band],
    ].map(([at, height]) => `${x(at)},${low - share(height) * TALL}`);
    const frame = shape("svg", { x: LEFT, y: top, width: RIGHT - LEFT, height: TALL }, svg);
    frame.setAttribute("viewBox", `${LEFT} ${top} ${RIGHT - LEFT} ${TALL}`);
    shape("path", { d: `M${corners.join("L")}Z`, class: "course-band-right" }, frame);
  }
  shape("path", { d: `M${x(ends[0])},${y(ends[0])}L${x(ends[1])},${y(ends[1])}`, class: "course-truth" }, svg);
  shape("path", { d: `M${LEFT},${top}V${low}H${RIGHT}`, class: "course-sheet" }, svg);

  const path = (className) => (labels.length ? null : shape("path", { class: className }, svg));
  const before = path("course-before"),
    bend = path("course-bend");
  if (!labels.length) text("course-name", { x: LEFT, y: 14 }, "share of the answers, in %");
  const dots = Array.from({ length: count }, (_, i) => ({
    bar: labels.length ? shape("line", { class: "course-span" }, svg) : shape("rect", { class: "course-share" }, svg),
    gap: labels.length ? null : shape("line", { class: "course-gap" }, svg),
    dot: shape("circle", { r: labels.length ? 12 : 6, class: "course-dot" }, svg),
    name: shape("text", { class: labels.length ? "course-inside" : "course-value" }, svg),
    label: labels[i] ?? "",
  }));
  const mean = means.length && {
    across: shape("path", { class: "course-lead" }, svg),
    bars: ["course-gauge", "course-gauge"].map((one) => shape("path", { class: one }, svg)),
    area: shape("circle", { r: 32, class: "course-handle" }, svg),
    dot: shape("circle", { r: 9, class: "course-mean" }, svg),
  };

  const here = () => grids.map((_, axis) => model.get(`index${axis}`));
  const played = model.get("names").indexOf(model.get("play"));
  const walked = played < 0 ? grids.length - 1 : played;
  grip(svg, model, ([across, up]) => {
    if (model.get("pointer_name")) {
      const places = dots.map(({ dot }) => Number(dot.getAttribute("cx")));
      return { pointer_index: nearest(places, across) };
    }
    if (!mean) return null;
    const way = Array.from({ length: grids[walked].length }, (_, i) => {
      const [a, b] = dotAt(frameAt(here().with(walked, i)), count);
      return Math.hypot(x(a) - across, y(b) - up);
    });
    return { [`index${walked}`]: nearest(way, 0) };
  });

  const line = (points) => (points.length ? `M${points.map((point) => point.join(",")).join("L")}` : "");
  let began = !model.get("marks");
  return (position, pointed) => {
    const frame = frameAt(position);
    const points = [];
    dots.forEach(({ bar, gap, dot, name, label }, i) => {
      const [a, b, part, from, to] = dotAt(frame, i);
      const known = Number.isFinite(a) && Number.isFinite(b),
        chosen = label !== "" && model.get("pointer_name") !== "" && i === pointed;
      for (const one of [bar, gap, dot, name]) one?.classList.toggle("course-off", !known);
      for (const one of [bar, dot, name]) one.classList.toggle("course-chosen", chosen);
      if (!known) return;
      points.push([x(a), y(b)]);
      dot.setAttribute("cx", x(a));
      dot.setAttribute("cy", y(b));
      if (gap) {
        const middle = LEFT + ((i + 0.5) / count) * (RIGHT - LEFT),
          tall = STRIP * part;
        for (const [key, value] of Object.entries({ x1: x(a), x2: x(a), y1: y(b), y2: y(a) })) gap.setAttribute(key, value);
        bar.setAttribute("x", middle - 12);
        bar.setAttribute("width", 24);
        bar.setAttribute("y", top - 6 - tall);
        bar.setAttribute("height", tall);
        name.setAttribute("x", middle);
        name.setAttribute("y", top - 10 - tall);
        name.textContent = written(100 * part, part < 0.0095 ? 1 : 0);
      } else {
        name.textContent = label;
        name.setAttribute("x", x(a));
        name.setAttribute("y", y(b));
        for (const [key, value] of Object.entries({ x1: x(a), x2: x(a), y1: y(from), y2: y(to) })) bar.setAttribute(key, value);
      }
    });
    bend?.setAttribute("d", line(points));
    if (!began) before?.setAttribute("d", line(points));
    began = true;
    if (mean) {
      const [a, b] = dotAt(frame, count);
      for (const one of [mean.dot, mean.area]) {
        one.setAttribute("cx", x(a));
        one.setAttribute("cy", y(b));
      }
      mean.across.setAttribute("d", `M${LEFT},${y(b)}H${x(a)}V${low}`);
      mean.bars[0].setAttribute("d", `M${LEFT},${low - 3}H${x(a)}`);
      mean.bars[1].setAttribute("d", `M${LEFT + 3},${low}V${y(b)}`);
      [a, b].forEach((value, i) => {
        told[i].textContent = written(value, decimals);
      });
      return means.map((name, i) => `${name} ${told[i].textContent}`).join(", ");
    }
    if (!told.length) return "";
    const [a, b, , from, to] = dotAt(frame, pointed).map((value) => written(value, Number.isInteger(value) ? 0 : decimals));
    title.textContent = `${model.get("pointer_name")} ${labels[pointed]}:`;
    [a, b, `${from} to ${to}`].slice(0, told.length).forEach((words, i) => {
      told[i].textContent = words;
    });
    return `${title.textContent} ${[...legend.querySelectorAll("span")].map((one) => one.textContent.trim()).join(", ")}`;
  };
}

export default figure(build);
