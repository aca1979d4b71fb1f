// What a readout says at every position of a slider, as a line with a marker that can be gripped.
import { path, percent, plot, ticks } from "./axes.js";
import { shape } from "./drawn.js";
import { grip, nearest } from "./grip.js";

const NAMED = 8; // positions that have their number below them, at most

// `values` are those of the slider, `range` the ends of the upright axis, `title` says what is drawn, and `valueAt(index)`
// how high. -> draw(index), which moves the marker and draws the line anew
export function trace({ el, model, trait, name, values, range, title, valueAt }) {
  // The positions are evenly spaced, as on the slider.
  const places = values.map((_, index) => index / (values.length - 1 || 1));
  const every = Math.ceil(values.length / NAMED);
  const y = (value) => (range[1] - value) / (range[1] - range[0]);
  const { svg, inner, share } = plot(
    {
      label: `${title} against ${name}`,
      x: (value) => places[values.indexOf(value)],
      y,
      xticks: values.filter((_, index) => (values.length - 1 - index) % every === 0),
      yticks: ticks(range, 2),
      xlabel: name,
      ylabel: title,
      className: "course-trace",
    },
    el,
  );
  const marker = shape("line", { y1: 0, y2: "100%", class: "course-trace-marker" }, svg);
  const line = shape("path", { class: "course-trace-line" }, inner);
  const dot = shape("circle", { r: 6, class: "course-point" }, svg);
  const handle = shape("circle", { r: 22, class: "course-handle course-touch" }, svg);
  grip(svg, model, (point) => ({ [trait]: nearest(places, share(point)[0]) }));
  return (index) => {
    line.setAttribute("d", path(places.map((place, i) => [place, y(valueAt(i))])));
    for (const end of ["x1", "x2"]) marker.setAttribute(end, percent(places[index]));
    for (const mark of [dot, handle]) {
      mark.setAttribute("cx", percent(places[index]));
      mark.setAttribute("cy", percent(y(valueAt(index))));
    }
  };
}
