// A picture that answers to a pointer, and buttons that walk a slider and take it back.
import { tag } from "./drawn.js";

// The index of the number in `values` that is nearest to `value`
export function nearest(values, value) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i;
  return best;
}

const TRAITS = ["index0", "index1", "index2", "pointer_index"];
export const SLACK = 8; // pixels that a finger may tremble

// Pressing or dragging in `picture` sets what its sliders set: `where([x, y], from, was)`, of a point in the units of an
// SVG, or else in shares of the element, tells the index of each trait that is meant, { index0: 3 }, or null where nothing
// is. `from` is the point where it was pressed, and `was(trait)` what stood there then, for pictures that are dragged.
// A finger that scrolls the page over the picture sets nothing; one that begins on an element of the class `course-handle`
// drags it in any direction.
export function grip(picture, model, where) {
  picture.classList.add("course-grip");
  const place = ({ clientX, clientY }) => {
    if (picture.getScreenCTM) {
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(picture.getScreenCTM().inverse());
      return [x, y];
    }
    const box = picture.getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  };
  const set = (event) => {
    const found = where(place(event), held.from, (trait) => held.traits[trait]);
    if (!found) return;
    for (const [trait, index] of Object.entries(found)) model.set(trait, index);
    model.save_changes();
  };
  // Chromium heeds the style touch-action of an SVG, but of nothing in it.
  const stay = (event) => {
    if (event.target.classList.contains("course-handle")) event.preventDefault();
  };
  picture.addEventListener("touchstart", stay, { passive: false });
  let held = null; // the pointer that is down, and where it went down
  const far = ({ clientX, clientY }) => [Math.abs(clientX - held.x), Math.abs(clientY - held.y)];
  picture.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    // a finger may be about to scroll: it counts when it moves sideways, or leaves where it came
    const sure = event.pointerType !== "touch" || event.target.classList.contains("course-handle");
    const traits = Object.fromEntries(TRAITS.map((trait) => [trait, model.get(trait)]));
    held = { id: event.pointerId, x: event.clientX, y: event.clientY, sure, from: place(event), traits };
    picture.setPointerCapture(held.id);
    if (sure) set(event);
  });
  picture.addEventListener("pointermove", (event) => {
    if (event.pointerId !== held?.id) return;
    const [across, along] = far(event);
    held.sure ||= across > SLACK && across > along;
    if (held.sure) set(event);
  });
  picture.addEventListener("pointerup", (event) => {
    if (event.pointerId !== held?.id) return;
    if (held.sure || Math.max(...far(event)) <= SLACK) set(event);
    held = null;
  });
  picture.addEventListener("pointercancel", () => {
    held = null;
  });
}

// Pressing or dragging in `picture`, whose left side is at 0 and its right one at `width`, walks the last slider: for
// pictures in which no place stands for one of its positions.
export function sweep(picture, model, width = 1) {
  const grids = model.get("grids"),
    last = grids.length - 1,
    most = grids[last].length - 1;
  picture.classList.add("course-sweep");
  grip(picture, model, ([x]) => ({
    [`index${last}`]: Math.min(most, Math.max(0, Math.round((most * x) / width))),
  }));
}

const MOST = 60; // positions shown on the way, of a slider that has more

// Milliseconds from one of `count` positions to the next: a walk takes some three seconds, or more where there are many.
const pace = (count) => Math.min(500, Math.max(100, 3000 / count));

// Buttons that walk one of `sliders`, each { name, trait, count }, and take all back to where they stand now.
// A slider with the focus starts and stops the walk by Space as well.
export function walk({ name, trait, count }, sliders, model, el) {
  const start = sliders.map(({ trait }) => model.get(trait));
  const set = (one, index) => {
    model.set(one, index);
    model.save_changes();
  };
  const tools = tag("p", "course-tools", el);
  const button = (className, text, act) => {
    const one = tag("button", `course-tool ${className}`, tools, text);
    one.type = "button";
    one.addEventListener("click", act);
    return one;
  };
  let going = null;
  const stop = () => {
    clearInterval(going);
    going = null;
    play.textContent = `Play: ${name}`;
    play.classList.remove("course-going");
  };
  const step = Math.max(1, Math.round(count / MOST));
  const onward = () => {
    if (!el.isConnected) return stop();
    set(trait, Math.min(count - 1, model.get(trait) + step));
    if (model.get(trait) === count - 1) stop();
  };
  const toggle = () => {
    if (going !== null) return stop();
    if (model.get(trait) === count - 1) set(trait, 0);
    play.textContent = "Stop";
    play.classList.add("course-going");
    going = setInterval(onward, pace(count));
  };
  const play = button("course-play", "", toggle);
  button("course-reset", "Reset", () => {
    stop();
    sliders.forEach((one, i) => set(one.trait, start[i]));
  });
  stop();
  return { stop, toggle };
}
