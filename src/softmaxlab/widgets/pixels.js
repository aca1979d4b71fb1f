import { percent } from "./axes.js";
import { shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip } from "./grip.js";
import { paintInk, sheet } from "./paint.js";

const SHOWN = 7, // the numbers written out, the one pointed at in the middle of them where it can be
  CELL = 46, // how wide each is
  REACH = 2.5; // pixels around the marker that a finger may take for it

// Ink, `across` by `down` pixels, and over it markers, each of which is moved to the pixel at its left and top
function inked(name, across, down, label, parent) {
  const canvas = sheet(`course-${name}`, across, parent, down);
  canvas.className = "course-ink";
  const box = canvas.parentElement;
  const svg = shape("svg", { class: "course-over", role: "img", "aria-label": label }, box);
  const marker = (width, height, className) => {
    const size = { width: percent(width / across), height: percent(height / down) };
    const rect = shape("rect", { ...size, class: className }, svg);
    return (left, top) => {
      rect.setAttribute("x", percent(left / across));
      rect.setAttribute("y", percent(top / down));
    };
  };
  return { canvas, box, marker };
}

function build({ model, el, frameAt }) {
  const grids = model.get("grids"),
    size = frameAt(grids.map(() => 0)).length,
    side = Math.sqrt(size);

  // The pictures to choose from, where one slider alone chooses; by keyboard the slider does.
  const choices = grids.length === 1 ? grids[0] : [];
  const shelf = tag("div", "course-thumbs", el);
  const thumbs = choices.map((_, index) => {
    const thumb = tag("button", "course-thumb", shelf);
    thumb.type = "button";
    thumb.tabIndex = -1;
    thumb.setAttribute("aria-label", `${model.get("names")[0]} ${index + 1} of ${choices.length}`);
    const small = sheet("", side, thumb);
    small.className = "course-small";
    paintInk(small, frameAt([index]));
    thumb.addEventListener("click", () => {
      model.set("index0", index);
      model.save_changes();
    });
    return thumb;
  });

  const top = tag("div", "course-pixels", el);
  const picture = inked("image", side, side, `The picture, ${side} by ${side} pixels`, top);
  const line = picture.marker(side, 1, "course-band");
  const here = picture.marker(1, 1, "course-here");
  const handle = picture.marker(2 * REACH, 2 * REACH, "course-handle course-touch");

  const said = tag("div", "course-legend", top);
  const sum = tag("span", "course-entry course-sum", said);
  const outputs = ["line", "place in it", "ink"].map((name) => {
    const entry = tag("span", "course-entry", said, `${name} `);
    return tag("output", "", entry);
  });

  tag("p", "course-name", el, `the row, line after line: ${size} numbers`);
  const strip = inked("strip", size, 1, `The row, ${size} numbers side by side`, el);
  const band = strip.marker(side, 1, "course-band");
  const there = strip.marker(1, 1, "course-here");

  const inside = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  grip(picture.box, model, ([x, y]) => ({ pointer_index: inside(y, side) * side + inside(x, side) }));
  grip(strip.box, model, ([x]) => ({ pointer_index: inside(x, size) }));

  tag("p", "course-name", el, "around the marker");
  const shown = Math.min(SHOWN, size);
  const viewBox = `-1 -1 ${shown * CELL + 2} 62`;
  const label = "The numbers around the marker, each above its place in the row";
  const near = shape("svg", { viewBox, role: "img", "aria-label": label, class: "course-near" }, el);
  const numbers = Array.from({ length: shown }, (_, i) => {
    const x = i * CELL;
    const box = shape("rect", { x, width: CELL, height: 34, class: "course-box" }, near);
    const value = shape("text", { x: x + CELL / 2, y: 23, class: "course-value" }, near);
    const place = shape("text", { x: x + CELL / 2, y: 54, class: "course-label" }, near);
    return { box, value, place };
  });

  let drawn;
  return (position, at) => {
    const row = frameAt(position);
    if (drawn !== String(position)) {
      drawn = String(position);
      paintInk(picture.canvas, row);
      paintInk(strip.canvas, row);
      thumbs.forEach((thumb, i) => thumb.setAttribute("aria-pressed", i === position[0]));
    }
    const y = Math.floor(at / side),
      x = at % side;
    here(x, y);
    handle(x + 0.5 - REACH, y + 0.5 - REACH);
    line(0, y);
    band(y * side, 0);
    there(at, 0);
    const first = Math.min(size - shown, Math.max(0, at - (shown >> 1)));
    numbers.forEach(({ box, value, place }, i) => {
      value.textContent = written(row[first + i], 2);
      place.textContent = first + i;
      box.classList.toggle("course-here", first + i === at);
    });
    const words = [String(y), String(x), written(row[at], 3)];
    outputs.forEach((output, i) => {
      output.textContent = words[i];
    });
    sum.textContent = `${at} = ${side} · ${y} + ${x}`;
    return `number ${at} of the row is line ${words[0]}, place ${words[1]} of the picture: ink ${words[2]}`;
  };
}

export default figure(build);
