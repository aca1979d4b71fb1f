// A picture that answers to a pointer, and buttons that walk a slider and take it back.
import { tag } from "./drawn.js";

// The index of the number in `values` that is nearest to `value`
export function nearest(values, value) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i;
  return best;
}

export const SLACK = 8; // pixels that a finger may tremble

// Pressing or dragging in `svg` sets what its sliders set: `where([x, y])`, of a point in the units of the drawing, tells
// the index of each trait that is meant, { index0: 3 }, or null where nothing is. A finger that scrolls the page over the
// picture sets nothing; one that begins on an element of the class `course-handle` drags it in any direction.
export function grip(svg, model, where) {
  svg.classList.add("course-grip");
  const set = ({ clientX, clientY }) => {
    const point = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
    const found = where([point.x, point.y]);
    if (!found) return;
    for (const [trait, index] of Object.entries(found)) model.set(trait, index);
    model.save_changes();
  };
  let held = null; // the pointer that is down, and where it went down
  const far = ({ clientX, clientY }) => [Math.abs(clientX - held.x), Math.abs(clientY - held.y)];
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    // a finger may be about to scroll: it counts when it moves sideways, or leaves where it came
    const sure = event.pointerType !== "touch" || event.target.classList.contains("course-handle");
    held = { id: event.pointerId, x: event.clientX, y: event.clientY, sure };
    svg.setPointerCapture(held.id);
    if (sure) set(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (event.pointerId !== held?.id) return;
    const [across, along] = far(event);
    held.sure ||= across > SLACK && across > along;
    if (held.sure) set(event);
  });
  svg.addEventListener("pointerup", (event) => {
    if (event.pointerId !== held?.id) return;
    if (held.sure || Math.max(...far(event)) <= SLACK) set(event);
    held = null;
  });
  svg.addEventListener("pointercancel", () => {
    held = null;
  });
}

const PACE = 100, // milliseconds from one position to the next
  MOST = 60; // positions shown on the way, of a slider that has more

// Buttons that walk the last of `sliders`, [{ name, trait, count }], and take all back to where they stand now.
// A slider with the focus starts and stops the walk by Space as well.
export function walk(sliders, model, el) {
  const start = sliders.map(({ trait }) => model.get(trait));
  const { name, trait, count } = sliders.at(-1);
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
    going = setInterval(onward, PACE);
  };
  const play = button("course-play", "", toggle);
  button("course-reset", "Reset", () => {
    stop();
    sliders.forEach((one, i) => set(one.trait, start[i]));
  });
  stop();
  return { stop, toggle };
}
