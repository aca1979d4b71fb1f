import { floats, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, sweep } from "./grip.js";
import { paint, paintInk } from "./paint.js";
import { trace } from "./trace.js";

const FEW = 5, // images side by side; more stand in rows of as many, and very many in rows of twice as many
  MANY = 10;

function picture(className, width, height, parent) {
  return canvasIn(tag("div", "course-frame", parent), className, width, height);
}

function canvasIn(frame, className, width, height) {
  const canvas = tag("canvas", className, frame);
  Object.assign(canvas, { width, height });
  canvas.setAttribute("role", "img");
  return canvas;
}

function ramp(least, most, decimals, stops, parent) {
  const scale = tag("div", "course-scale", parent);
  tag("span", "course-end", scale, written(least, decimals));
  const bar = picture("course-ramp", 128, 1, scale);
  bar.setAttribute("aria-label", `Colours from ${written(least, decimals)} to ${written(most, decimals)}`);
  const shares = Array.from({ length: 128 }, (_, i) => i / 127);
  paint(bar, shares, stops);
  tag("span", "course-end", scale, written(most, decimals));
}

function build({ model, el, frameAt, readingAt }) {
  const labels = model.get("labels"),
    decimals = model.get("decimals"),
    stops = model.get("colours"),
    read = model.get("read"),
    range = model.get("trace"),
    dragged = model.get("drag");
  const least = model.get("least"),
    most = model.get("limit");
  const grids = model.get("grids"),
    names = model.get("names");
  const pixels = model.get("shape").at(-1),
    side = Math.sqrt(pixels);
  const number = (position) => position.reduce((n, index, axis) => n * grids[axis].length + index, 0);

  const count = labels.length;
  const grid = tag(
    "div",
    `course-templates course-templates-${count > MANY ? "crowd" : count > 1 ? "many" : "one"}`,
    el,
  );
  grid.style.setProperty("--columns", count > MANY ? 2 * FEW : Math.min(FEW, count));
  const share = (value) => (value - least) / (most - least);
  const under = floats(model.get("under"));
  const parts = labels.map((label) => {
    const part = tag("div", "course-template", grid);
    const title = tag("div", "course-title", part);
    const frame = tag("div", "course-frame", part);
    if (under.length) {
      const below = canvasIn(frame, "course-under", side, side);
      below.setAttribute("aria-hidden", "true");
      paint(below, Array.from(under, share), stops);
    }
    return { label, part, title, canvas: canvasIn(frame, "course-canvas", side, side) };
  });
  // Images of ink need no scale: paper is 0, and the darkest ink the most.
  if (least < 0) ramp(least, most, decimals, stops, el);

  // Dragged by a pixel to the right, an image moves the last slider by one, and by a pixel down the one before.
  if (dragged >= 0) {
    const frame = parts[dragged].canvas.parentElement;
    tag("span", "course-handle course-middle", frame);
    tag("span", "course-hint", frame, "drag it");
    grip(frame, model, (point, from, was) => {
      const ways = [1, 0].slice(2 - grids.length); // down, right
      const moved = ways.map((way, axis) => [
        `index${axis}`,
        Math.min(
          grids[axis].length - 1,
          Math.max(0, was(`index${axis}`) + Math.round((point[way] - from[way]) * side)),
        ),
      ]);
      return Object.fromEntries(moved);
    });
  } else if (!range.length) sweep(grid, model);

  let others;
  const last = grids.length - 1;
  const draw =
    range.length &&
    trace({
      el,
      model,
      trait: `index${last}`,
      name: names[last],
      values: grids[last],
      range,
      title: model.get("readout_names")[0].replace(/\{.*?\} ?/, ""),
      valueAt: (index) => readingAt(0, [...others, index]),
    });

  return (position) => {
    const frame = frameAt(position);
    others = position.slice(0, last);
    const answers = read[number(position)] ?? [];
    const words = parts.map(({ label, part, title, canvas }, i) => {
      const image = frame.subarray(i * pixels, (i + 1) * pixels);
      if (under.length) paintInk(canvas, image);
      else paint(canvas, Array.from(image, share), stops);
      const answer = answers[i] ?? "";
      const right = answer === label;
      title.textContent = !answer ? label : right ? `${label} ✓` : `${label} → ${answer}`;
      part.classList.toggle("course-right", right);
      const low = Math.min(...image),
        high = Math.max(...image),
        at = image.indexOf(high);
      const where = `row ${Math.floor(at / side)}, column ${at % side}`;
      const name = answer ? `${label}, read as ${answer}` : label;
      const said = `Image ${name}: from ${written(low, decimals)} to ${written(high, decimals)}, the most at ${where}`;
      canvas.setAttribute("aria-label", said);
      return answer ? name : said;
    });
    if (draw) draw(position[last]);
    // of several, each says it for itself
    return words.length > 1 ? "" : words[0];
  };
}

export default figure(build);
