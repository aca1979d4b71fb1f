import { shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip } from "./grip.js";

const AROUND = 3,
  CELL = 46; // the numbers written on either side of the one pointed at, and how wide each is

function build({ model, el, frameAt }) {
  const size = frameAt(model.get("grids").map(() => 0)).length,
    side = Math.sqrt(size);
  const svg = (name, viewBox, label, parent) => {
    const picture = shape("svg", { viewBox, role: "img", "aria-label": label }, parent);
    picture.classList.add(`course-${name}`);
    return picture;
  };
  const cells = (parent, place) =>
    Array.from({ length: size }, (_, i) => {
      const [x, y] = place(i);
      return shape("rect", { x, y, width: 1, height: 1, class: "course-pixel" }, parent);
    });

  const top = tag("div", "course-pixels", el);
  const picture = svg("image", `-0.5 -0.5 ${side + 1} ${side + 1}`, `The picture, ${side} by ${side} pixels`, top);
  shape("rect", { width: side, height: side, class: "course-sheet" }, picture);
  const inked = cells(picture, (i) => [i % side, Math.floor(i / side)]);
  // the line of the picture that holds the pixel, here and in the strip
  const line = shape("rect", { width: side, height: 1, class: "course-band" }, picture);
  const here = shape("rect", { width: 1, height: 1, class: "course-here course-handle" }, picture);

  const said = tag("div", "course-legend", top);
  const outputs = ["number in the row", "row of the picture", "column", "value"].map((name) => {
    const entry = tag("span", "course-entry", said, `${name} `);
    return tag("output", "", entry);
  });
  const sum = tag("span", "course-entry course-sum", said);

  // The whole row is as wide as the page; what is near the marker is written below it.
  tag("p", "course-name", el, `the row: all ${size} numbers`);
  const strip = svg("strip", `0 0 ${size} 1`, `The row, ${size} numbers side by side`, el);
  strip.setAttribute("preserveAspectRatio", "none");
  shape("rect", { width: size, height: 1, class: "course-sheet" }, strip);
  const lined = cells(strip, (i) => [i, 0]);
  const band = shape("rect", { width: side, height: 1, class: "course-band" }, strip);
  const there = shape("rect", { width: 1, height: 1, class: "course-here" }, strip);

  const inside = (value) => Math.min(side - 1, Math.max(0, Math.floor(value)));
  grip(picture, model, ([x, y]) => ({ pointer_index: inside(y) * side + inside(x) }));
  grip(strip, model, ([x]) => ({ pointer_index: Math.min(size - 1, Math.max(0, Math.floor(x))) }));

  tag("p", "course-name", el, "the numbers around the marker");
  const count = 2 * AROUND + 1;
  const near = svg(
    "near",
    `-1 -1 ${count * CELL + 2} 62`,
    "The numbers around the marker, each above its place in the row",
    el,
  );
  const numbers = Array.from({ length: count }, (_, i) => {
    const x = i * CELL;
    const box = shape(
      "rect",
      { x, width: CELL, height: 34, class: i === AROUND ? "course-box course-here" : "course-box" },
      near,
    );
    const value = shape("text", { x: x + CELL / 2, y: 23, class: "course-value" }, near);
    const place = shape("text", { x: x + CELL / 2, y: 54, class: "course-label" }, near);
    return { box, value, place };
  });

  let drawn;
  return (position, at) => {
    const row = frameAt(position);
    if (drawn !== String(position)) {
      drawn = String(position);
      row.forEach((value, i) => {
        inked[i].setAttribute("fill-opacity", value);
        lined[i].setAttribute("fill-opacity", value);
      });
    }
    const y = Math.floor(at / side),
      x = at % side;
    here.setAttribute("x", x);
    here.setAttribute("y", y);
    there.setAttribute("x", at);
    line.setAttribute("y", y);
    band.setAttribute("x", y * side);
    numbers.forEach(({ box, value, place }, i) => {
      const n = at - AROUND + i,
        known = n >= 0 && n < size;
      value.textContent = known ? written(row[n], 2) : "";
      place.textContent = known ? n : "";
      box.classList.toggle("course-off", !known);
    });
    const words = [String(at), String(y), String(x), written(row[at], 3)];
    outputs.forEach((output, i) => {
      output.textContent = words[i];
    });
    sum.textContent = `${at} = ${side} · ${y} + ${x}`;
    return `number ${words[0]} of the row is row ${words[1]}, column ${words[2]} of the picture: value ${words[3]}`;
  };
}

export default figure(build);
