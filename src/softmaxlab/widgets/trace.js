// What a readout says at every position of a slider, as a line with a marker that can be gripped.
import { minus, ticks } from "./axes.js";
import { shape } from "./drawn.js";
import { grip, nearest } from "./grip.js";

const LEFT = 34,
  RIGHT = 322,
  HIGH = 24,
  LOW = 104;

// `values` are those of the slider, `range` the ends of the upright axis, `title` says what is drawn, and `valueAt(index)`
// how high. -> draw(index), which moves the marker and draws the line anew
export function trace({ el, model, trait, name, values, range, title, valueAt }) {
  const label = `${title} against ${name}`;
  const svg = shape("svg", { viewBox: "0 0 340 140", role: "img", "aria-label": label, class: "course-trace" }, el);
  const x = (index) => LEFT + (index / (values.length - 1 || 1)) * (RIGHT - LEFT);
  const y = (value) => LOW - ((value - range[0]) / (range[1] - range[0])) * (LOW - HIGH);
  const text = (className, left, up, words) => {
    shape("text", { x: left, y: up, class: `course-${className}` }, svg).textContent = words;
  };
  text("trace-title", LEFT, 12, title);
  text("label", (LEFT + RIGHT) / 2, 137, name);
  for (const value of ticks(range, 2)) {
    shape("line", { x1: LEFT, x2: RIGHT, y1: y(value), y2: y(value), class: "course-grid" }, svg);
    text("tick", LEFT - 5, y(value) + 4, minus(value));
  }
  // The positions are evenly spaced, as on the slider; as many of them are named as there is room for, the last first.
  const every = Math.ceil(values.length / 9);
  values.forEach((value, index) => {
    if ((values.length - 1 - index) % every === 0) text("label", x(index), LOW + 16, minus(value));
  });
  const line = shape("path", { class: "course-trace-line" }, svg);
  const marker = shape("line", { y1: HIGH, y2: LOW, class: "course-trace-marker" }, svg);
  const dot = shape("circle", { r: 5, class: "course-point" }, svg);
  const handle = shape("circle", { r: 22, class: "course-handle course-touch" }, svg);
  grip(svg, model, ([at]) => ({
    [trait]: nearest(
      values.map((_, index) => x(index)),
      at,
    ),
  }));
  return (index) => {
    line.setAttribute("d", `M${values.map((_, i) => `${x(i).toFixed(1)},${y(valueAt(i)).toFixed(2)}`).join("L")}`);
    for (const end of ["x1", "x2"]) marker.setAttribute(end, x(index));
    for (const mark of [dot, handle]) {
      mark.setAttribute("cx", x(index));
      mark.setAttribute("cy", y(valueAt(index)));
    }
  };
}
