// A sheet to draw a digit on by pointer, finger or keys, the 28 by 28 pixels that a model sees of it, and samples to take.
import { tag } from "./drawn.js";
import { centre, line } from "./ink.js";
import { paintInk, sheet } from "./paint.js";

const SIDE = 140; // numbers along each side of a drawing
const CELL = SIDE / 28; // a keyboard's cursor covers CELL by CELL of them
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const HOW =
  "Draw a digit here. Arrow keys move over 28 by 28 squares, Space puts or takes ink, Shift with an arrow draws.";

export function button(className, text, parent, act) {
  const made = tag("button", className, parent, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// Buttons that are one stop for the Tab key: arrows go from one to the next.
export function rove(parent, buttons) {
  buttons.forEach((one, n) => {
    one.tabIndex = n ? -1 : 0;
  });
  parent.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    const at = buttons.indexOf(event.target);
    buttons[(at + step[0] + step[1] + buttons.length) % buttons.length].focus();
  });
  parent.addEventListener("focusin", (event) => {
    if (!buttons.includes(event.target)) return;
    for (const one of buttons) one.tabIndex = one === event.target ? 0 : -1;
  });
}

// `draws`, `side` and `shelf` are the elements that take the sheet, what is seen of it with a button, and the samples.
// `read(picture)` is called with 784 numbers whenever they change, or with null if there is no ink, and returns what it
// makes of them in words, which `say` announces once a line is ended. It opens on the first sample.
export function pad({ draws, side, shelf, samples, read, say }) {
  const ink = new Float32Array(SIDE * SIDE);
  const canvas = sheet("course-pad-sheet", SIDE, draws);
  const box = canvas.parentElement;
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-roledescription", "drawing pad");
  box.setAttribute("aria-label", HOW);
  const hint = tag("span", "course-pad-hint", box);
  const cursor = tag("span", "course-pad-cursor", box);
  const seen = sheet("course-pad-seen", 28, side);
  seen.setAttribute("role", "img");
  seen.setAttribute("aria-label", "What a model sees: the digit, centred, in 28 by 28 pixels");

  let words = "";
  let chosen = -1; // the sample that is shown as it is, not drawn over
  const show = (sample = -1) => {
    chosen = sample;
    const picture = chosen < 0 ? centre(ink, SIDE) : samples[chosen];
    const blank = !picture.some((value) => value > 0);
    hint.textContent = blank ? "draw a digit" : "draw over it";
    box.classList.toggle("course-pad-blank", blank);
    hint.hidden = !blank && chosen < 0;
    paintInk(canvas, ink);
    paintInk(seen, picture);
    const said = read(blank ? null : picture);
    words = blank ? "The pad is empty: draw a digit" : said;
    choices.forEach((choice, n) => choice.setAttribute("aria-pressed", n === chosen));
  };
  const clear = () => {
    ink.fill(0);
    show();
  };
  const take = (n) => {
    for (let i = 0; i < ink.length; i++) {
      ink[i] = samples[n][28 * Math.floor(i / SIDE / CELL) + Math.floor((i % SIDE) / CELL)];
    }
    show(n);
  };

  shelf.setAttribute("role", "toolbar");
  shelf.setAttribute("aria-label", "Test images");
  const choices = samples.map((sample, n) => {
    const choice = button("course-pad-button course-pad-choice", "", shelf, () => {
      take(n);
      say(words);
    });
    choice.setAttribute("aria-label", `Test image ${n + 1}`);
    paintInk(sheet("", 28, choice), sample);
    return choice;
  });
  rove(shelf, choices);

  // By pointer. The first line over a sample takes it away.
  let last = null;
  let pointer = null;
  const draw = (event) => {
    const frame = canvas.getBoundingClientRect();
    const shares = [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
    const at = shares.map((share) => share * SIDE);
    line(ink, SIDE, ...(last ?? at), ...at);
    last = at;
  };
  box.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    pointer = event.pointerId;
    box.setPointerCapture(pointer);
    box.classList.remove("course-pad-keys");
    if (chosen >= 0) ink.fill(0);
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
    say(words);
  };
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) box.addEventListener(name, lift);

  // By keyboard
  let x = 14;
  let y = 14;
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
      for (let row = 0; row < CELL; row++) {
        ink.fill(value, (y * CELL + row) * SIDE + x * CELL, (y * CELL + row) * SIDE + (x + 1) * CELL);
      }
    }
    if (step && event.shiftKey) line(ink, SIDE, ...[fromX, fromY, x, y].map((at) => (at + 0.5) * CELL));
    const changed = !step || event.shiftKey;
    if (changed) show();
    say(changed ? here() + words : here());
  });
  box.addEventListener("blur", () => box.classList.remove("course-pad-keys"));

  take(0);
  return {
    clear: () => {
      clear();
      say(words);
    },
    another: () => {
      take((chosen + 1) % samples.length);
      say(words);
    },
    again: () => show(chosen),
    words: () => words,
  };
}
