// What figures with axes share.
import { shape, tag, ten } from "./drawn.js";

// Strokes that tell curves apart without their colours
export const DASHES = ["none", "9 5", "9 4 2 4", "2 4"];

export const minus = (value) => String(value).replace("-", "−");

// Round values from least to most, at about `parts` steps.
export function ticks([least, most], parts) {
  const rough = (most - least) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const first = Math.ceil(least / step - 1e-9);
  const count = Math.floor(most / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => +((first + i) * step).toPrecision(6));
}

// Of a logarithmic axis, its ends as powers of ten: 1, 2 and 5 times powers of ten, or these alone where there are many,
// or every third where there are too many.
export function logTicks([least, most]) {
  const factors = most - least > 3 ? [1] : [1, 2, 5],
    stride = most - least > 7 ? 3 : 1;
  const all = [];
  for (let power = Math.floor(least); power <= Math.ceil(most); power++) {
    if (power % stride === 0) all.push(...factors.map((factor) => +(factor * 10 ** power).toPrecision(6)));
  }
  const inside = (value) => Math.log10(value) >= least - 1e-9 && Math.log10(value) <= most + 1e-9;
  return all.filter(inside);
}

// A number beside an axis, large and small powers of ten as 10⁹ and 10⁻⁴
export function short(value) {
  const power = Math.round(Math.log10(Math.abs(value)));
  if ((power < 5 && power > -4) || +(value / 10 ** power).toPrecision(6) !== 1) return minus(+value.toPrecision(6));
  return ten(power);
}

export const percent = (share) => `${(100 * share).toFixed(2)}%`;

// A line of `points`, [x, y] in shares of the plot, for the stretched drawing inside it; it breaks where one is unknown.
export function path(points) {
  let pen = "M";
  const parts = points.map(([x, y]) => {
    const known = Number.isFinite(x) && Number.isFinite(y);
    const part = known ? `${pen}${(1000 * x).toFixed(1)},${(1000 * y).toFixed(1)}` : "";
    pen = known ? "L" : "M";
    return part;
  });
  return parts.join("");
}

// Words below a picture, which are announced when they change, with room for the longest of them. -> a function that says them
export function caption(el, longest) {
  const box = tag("p", "course-caption", el);
  tag("span", "course-room", box, longest).setAttribute("aria-hidden", "true");
  const words = tag("span", "course-news", box);
  words.setAttribute("aria-live", "polite");
  return (text) => {
    if (words.textContent !== text) words.textContent = text;
  };
}

// A plot, of which `x` and `y` tell for a number its share of the way from the left, and from the top. Words and marks are
// measured in pixels of the screen, so they keep their size however large the plot is; their places are `percent`s of it.
// `inner` is stretched over it, 1000 units each way from the top left, and hides what leaves.
// -> { box, svg, inner, share }; `share` makes of a point of the svg its shares
export function plot({ label, x, y, xticks, yticks, xlabel, ylabel, className }, el) {
  const box = tag("div", `course-plot ${className}`, el);
  const svg = shape("svg", { class: "course-axes", role: "img", "aria-label": label }, box);
  const write = (text, place, className) => {
    shape("text", { ...place, class: className }, svg).textContent = text;
  };
  const sheet = shape("rect", { width: "100%", height: "100%", class: "course-sheet" }, svg);
  for (const value of yticks) {
    const at = percent(y(value));
    shape("line", { x1: 0, x2: "100%", y1: at, y2: at, class: "course-grid" }, svg);
    write(short(value), { x: -8, y: at, dy: "0.35em" }, "course-tick");
  }
  for (const value of xticks) write(short(value), { x: percent(x(value)), y: "100%", dy: 20 }, "course-label");
  write(xlabel, { x: "50%", y: "100%", dy: 40 }, "course-label");
  write(ylabel, { x: 0, y: 0, dy: -10 }, "course-label course-from");
  const inner = shape(
    "svg",
    { viewBox: "0 0 1000 1000", preserveAspectRatio: "none", width: "100%", height: "100%", overflow: "hidden" },
    svg,
  );
  const share = ([left, down]) => {
    const { width, height } = svg.getBoundingClientRect();
    return [left / width, down / height];
  };
  return { box, svg, sheet, inner, share };
}
