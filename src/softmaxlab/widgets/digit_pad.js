import { tag, written } from "./drawn.js";

// The pad: `ink` is the drawing, SIDE by SIDE numbers of 0 to 1; `centre` makes of it the 28 by 28 that models see.

const SIDE = 140, CELL = SIDE / 28; // a keyboard's cursor covers CELL by CELL numbers
const PEN = 6; // half the width of a line
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

// A line from (x0, y0) to (x1, y1): ink falls from 1 to 0 within one number across its edge.
export function line(ink, side, x0, y0, x1, y1, pen = PEN) {
  const dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
  const range = (a, b) => [Math.max(0, Math.floor(Math.min(a, b) - pen - 1)), Math.min(side - 1, Math.ceil(Math.max(a, b) + pen + 1))];
  const [left, right] = range(x0, x1), [top, bottom] = range(y0, y1);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - x0, y = row + 0.5 - y0;
      const share = length ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
      const distance = Math.hypot(x - share * dx, y - share * dy), at = row * side + column;
      ink[at] = Math.max(ink[at], Math.min(1, Math.max(0, pen + 0.5 - distance)));
    }
  }
}

// The pixels that cover `length` cells, if 20 of them cover `longer`: the first cell of each, and how much of it lies on each.
function pixels(length, longer) {
  const step = longer / 20;
  return Array.from({ length: Math.ceil((20 * length) / longer) }, (_, pixel) => {
    const begin = pixel * step, end = Math.min(length, (pixel + 1) * step), first = Math.floor(begin);
    const overlap = (_, i) => Math.max(0, Math.min(end, first + i + 1) - Math.max(begin, first + i));
    return { first, shares: Array.from({ length: Math.ceil(end) - first }, overlap).map((cells) => cells / step) };
  });
}

function average({ first, shares }, numberAt) {
  return shares.reduce((sum, share, i) => sum + share * numberAt(first + i), 0);
}

// Where the first of `masses` stands so that their centre is in pixel 14, or as near as all of them fit in 28.
function place(masses) {
  let sum = 0, turning = 0;
  masses.forEach((mass, i) => { sum += mass; turning += mass * (i + 0.5); });
  return Math.max(0, Math.min(14 - Math.floor(turning / sum + 1e-6), 28 - masses.length));
}

// The same as `softmaxlab.data.centre`: `ink`, side by side, prepared as MNIST was.
export function centre(ink, side) {
  const picture = new Float32Array(784);
  let top = side, bottom = -1, left = side, right = -1;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (ink[row * side + column] > 0) {
        top = Math.min(top, row); bottom = row;
        left = Math.min(left, column); right = Math.max(right, column);
      }
    }
  }
  if (bottom < 0) return picture;
  const height = bottom - top + 1, width = right - left + 1, longer = Math.max(height, width);
  const down = pixels(height, longer), across = pixels(width, longer);
  const squeezed = Array.from({ length: height }, (_, row) =>
    across.map((pixel) => average(pixel, (column) => ink[(top + row) * side + left + column])));
  const small = down.map((pixel) => across.map((_, x) => average(pixel, (row) => squeezed[row][x])));
  const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
  const y = place(small.map(total)), x = place(across.map((_, i) => total(small.map((row) => row[i]))));
  small.forEach((row, i) => picture.set(row, (y + i) * 28 + x));
  return picture;
}

// The numbers in bytes of float16
export function halves(view) {
  const bits = new Uint16Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  return Float32Array.from(bits, (number) => {
    const sign = number & 0x8000 ? -1 : 1, power = (number >> 10) & 31, part = number & 1023;
    return sign * (power ? 2 ** (power - 25) * (1024 + part) : 2 ** -24 * part);
  });
}

// The models, as `DigitPad.models` has them: a list of layers each.
function unpack(model) {
  const numbers = halves(model.get("parameters"));
  let read = 0;
  const next = (count) => numbers.subarray(read, (read += count));
  return model.get("sizes").map((sizes) => sizes.slice(1).map((columns, i) => {
    const weights = Array.from({ length: sizes[i] }, () => next(columns));
    return { weights, bias: next(columns) };
  }));
}

function probabilities(layers, picture) {
  let values = picture;
  layers.forEach(({ weights, bias }, depth) => {
    const sums = Float64Array.from(bias);
    weights.forEach((row, i) => {
      const value = depth ? Math.max(0, values[i]) : values[i];
      if (value) for (let j = 0; j < sums.length; j++) sums[j] += value * row[j];
    });
    values = sums;
  });
  const most = Math.max(...values), exps = values.map((value) => Math.exp(value - most));
  const sum = exps.reduce((total, value) => total + value, 0);
  return exps.map((value) => value / sum);
}

// Ink as black on nothing; in the dark the style turns it over.
function paint(canvas, ink) {
  const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < ink.length; i++) image.data[4 * i + 3] = Math.round(255 * ink[i]);
  context.putImageData(image, 0, 0);
}

function sheet(className, side, parent) {
  const canvas = tag("canvas", "", tag("div", `course-sheet-box ${className}`, parent));
  Object.assign(canvas, { width: side, height: side });
  return canvas;
}

function button(className, text, parent, act) {
  const made = tag("button", className, parent, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function table(name, number, parent) {
  const part = tag("div", "course-pad-model", parent);
  part.style.setProperty("--mark", `var(--course-class-${number})`);
  tag("div", "course-title", part, name);
  const answer = tag("div", "course-pad-answer", part);
  const grid = tag("table", "", part);
  grid.setAttribute("aria-label", `Probabilities by ${name}`);
  const body = tag("tbody", "", grid);
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const row = tag("tr", "", body), head = tag("th", "", row, digit);
    head.scope = "row";
    const bar = tag("div", "course-pad-bar", tag("td", "course-pad-track", row));
    return { row, bar, value: tag("td", "course-pad-value", row) };
  });
  // -> what it says, in words
  return (probs) => {
    const best = probs ? probs.indexOf(Math.max(...probs)) : -1;
    answer.textContent = probs ? best : "?";
    part.classList.toggle("course-pad-blank", !probs);
    rows.forEach(({ row, bar, value }, digit) => {
      row.classList.toggle("course-pad-top", digit === best);
      bar.style.width = `${probs ? 100 * probs[digit] : 0}%`;
      value.textContent = probs ? written(probs[digit], 3) : "";
    });
    return probs ? `${name}: ${best}, probability ${written(probs[best], 3)}` : "";
  };
}

function render({ model, el }) {
  const names = model.get("names"), models = unpack(model), view = model.get("images");
  const samples = Array.from({ length: view.byteLength / 784 }, (_, n) =>
    Float32Array.from(new Uint8Array(view.buffer, view.byteOffset + 784 * n, 784), (byte) => byte / 255));
  const ink = new Float32Array(SIDE * SIDE);

  el.classList.add("course-figure", "course-pad");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab: the arrow keys are ours
  const all = tag("div", "course-pad-all", el), draws = tag("div", "course-pad-draw", all);
  const pad = sheet("course-pad-sheet", SIDE, draws), box = pad.parentElement;
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-roledescription", "drawing pad");
  box.setAttribute("aria-label", "Draw a digit here. Arrow keys move over 28 by 28 squares, Space puts or takes ink, Shift with an arrow draws.");
  const hint = tag("span", "course-pad-hint", box, "draw a digit");
  const cursor = tag("span", "course-pad-cursor", box);
  const side = tag("div", "course-pad-side", draws);
  const seen = sheet("course-pad-seen", 28, side);
  seen.setAttribute("role", "img");
  seen.setAttribute("aria-label", "What the models see: the digit, centred, in 28 by 28 pixels");
  tag("p", "course-pad-note", side, "what the models see");
  button("course-pad-button course-pad-clear", "Clear", side, () => { ink.fill(0); show(); say(); });
  const tables = tag("div", "course-pad-models", all);
  const tell = names.map((name, i) => table(name, i, tables));

  tag("p", "course-pad-note course-pad-or", el, "or take one of these test images:");
  const shelf = tag("div", "course-pad-samples", el);
  shelf.setAttribute("role", "toolbar");
  shelf.setAttribute("aria-label", "Test images");
  const status = tag("p", "course-status", el);
  status.setAttribute("role", "status");

  let words = "", chosen = -1;
  const show = (sample = -1) => {
    chosen = sample;
    const picture = chosen < 0 ? centre(ink, SIDE) : samples[chosen];
    const blank = !picture.some((value) => value > 0);
    hint.hidden = !blank;
    paint(pad, ink);
    paint(seen, picture);
    const said = tell.map((one, i) => one(blank ? null : probabilities(models[i], picture)));
    words = blank ? "The pad is empty: draw a digit" : said.join("; ");
    choices.forEach((choice, n) => choice.setAttribute("aria-pressed", n === chosen));
  };
  const say = (before = "") => { status.textContent = before + words; };

  // Test images: one stop for the Tab key, arrows go from one to the next.
  const choices = samples.map((sample, n) => {
    const choice = button("course-pad-button course-pad-choice", "", shelf, () => {
      for (let i = 0; i < ink.length; i++) {
        ink[i] = sample[28 * Math.floor(i / SIDE / CELL) + Math.floor((i % SIDE) / CELL)];
      }
      show(n);
      say();
    });
    choice.setAttribute("aria-label", `Test image ${n + 1}`);
    choice.tabIndex = n ? -1 : 0;
    paint(sheet("", 28, choice), sample);
    return choice;
  });
  shelf.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    const at = choices.indexOf(event.target);
    choices[(at + step[0] + step[1] + choices.length) % choices.length].focus();
  });
  shelf.addEventListener("focusin", (event) => {
    choices.forEach((choice) => { choice.tabIndex = choice === event.target ? 0 : -1; });
  });

  // By pointer
  let last = null, pointer = null;
  const draw = (event) => {
    const frame = pad.getBoundingClientRect();
    const at = [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height].map((share) => share * SIDE);
    line(ink, SIDE, ...(last ?? at), ...at);
    last = at;
  };
  box.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    pointer = event.pointerId;
    box.setPointerCapture(pointer);
    box.classList.remove("course-pad-keys");
    last = null;
    draw(event);
    show();
  });
  box.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    (between.length ? between : [event]).forEach(draw);
    show();
  });
  const lift = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    say();
  };
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((name) => box.addEventListener(name, lift));

  // By keyboard
  let x = 14, y = 14;
  const inked = () => ink[(y * CELL + (CELL >> 1)) * SIDE + x * CELL + (CELL >> 1)] > 0.5;
  const here = () => `row ${y + 1}, column ${x + 1}, ${inked() ? "ink" : "paper"}. `;
  box.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (!step && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    box.classList.add("course-pad-keys");
    const [fromX, fromY] = [x, y];
    if (step) {
      x = Math.min(27, Math.max(0, x + step[0]));
      y = Math.min(27, Math.max(0, y + step[1]));
      cursor.style.left = `${(100 * x) / 28}%`;
      cursor.style.top = `${(100 * y) / 28}%`;
    } else {
      const value = inked() ? 0 : 1;
      for (let row = 0; row < CELL; row++) ink.fill(value, (y * CELL + row) * SIDE + x * CELL, (y * CELL + row) * SIDE + (x + 1) * CELL);
    }
    if (step && event.shiftKey) line(ink, SIDE, ...[fromX, fromY, x, y].map((at) => (at + 0.5) * CELL));
    const changed = !step || event.shiftKey;
    if (changed) show();
    if (changed) say(here());
    else status.textContent = here();
  });
  box.addEventListener("blur", () => box.classList.remove("course-pad-keys"));

  show();
}

export default { render };
