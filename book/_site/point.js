// A guess that is a place in a picture: a cross, set by a press or moved by the arrow keys, in whole per cent of the
// picture's width and height. The picture that answers shows it too.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";

const ARROWS = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [1, -1],
  ArrowDown: [1, 1],
  PageUp: [1, -10],
  PageDown: [1, 10],
};
const SIDES = ["from the left", "from the top"];
const MIDDLE = [50, 50];

const inside = (share) => Math.min(100, Math.max(0, Math.round(share)));

// What was kept as a place, [62, 40], or null: an older page may have asked for something else
function read(said) {
  const found = /^(\d+),(\d+)$/.exec(said);
  const place = found && [Number(found[1]), Number(found[2])];
  return place?.every((share) => share <= 100) ? place : null;
}

function words(said) {
  const place = read(said);
  return place ? SIDES.map((side, axis) => `${place[axis]} % ${side}`).join(", ") : "";
}

function cross(parent) {
  const mark = tag("span", "course-cross", parent);
  mark.setAttribute("aria-hidden", "true");
  mark.hidden = true;
  return (place) => {
    mark.hidden = !place;
    if (place) [mark.style.left, mark.style.top] = place.map((share) => `${share}%`);
  };
}

// The field of the prediction `box`, as `typed` in questions.js has it for words
export function pointed(box, form) {
  const of = `.course-of-${box.id}`;
  const field = tag("div", "course-pointing", document.querySelector(`.course-field${of}`));
  field.setAttribute("role", "group");
  field.setAttribute("aria-label", "Your place in the picture");
  const draw = cross(field);
  const drawBeside = cross(document.querySelector(`.course-truth${of}`));
  const spot = form.querySelector(".course-spot");
  let place = null,
    open = true;
  // one for each direction, for whoever hears the page; the arrows move both from either
  const inputs = SIDES.map((side, axis) => {
    const input = tag("input", "", field);
    input.type = "range";
    input.min = 0;
    input.max = 100;
    input.tabIndex = axis ? -1 : 0;
    input.setAttribute("aria-label", `Your place, ${side}`);
    return input;
  });
  const show = () => {
    draw(place);
    inputs.forEach((input, axis) => {
      input.value = (place ?? MIDDLE)[axis];
      input.setAttribute("aria-valuetext", place ? `${place[axis]} %` : "no place yet");
    });
    if (place) spot.textContent = `Your place: ${words(String(place))}.`;
  };
  const set = (shares) => {
    if (!open) return;
    place = shares.map(inside);
    show();
  };
  const press = ({ clientX, clientY }) => {
    const { left, top, width, height } = field.parentElement.getBoundingClientRect();
    set([(100 * (clientX - left)) / width, (100 * (clientY - top)) / height]);
    inputs[0].focus({ preventScroll: true });
  };
  // a finger that scrolls does not click; a mouse may drag
  field.addEventListener("click", press);
  field.addEventListener("pointermove", (event) => {
    if (event.buttons === 1 && event.pointerType === "mouse") press(event);
  });
  field.addEventListener("dragstart", (event) => event.preventDefault());
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") return form.requestSubmit();
    const [axis, step] = ARROWS[event.key] ?? [];
    if (!step) return;
    event.preventDefault();
    const from = place ?? MIDDLE;
    set(from.map((share, n) => (n === axis ? share + step : share)));
  });
  inputs.forEach((input, axis) => {
    input.addEventListener("input", () =>
      set((place ?? MIDDLE).map((at, n) => (n === axis ? input.valueAsNumber : at))),
    );
    input.addEventListener("focus", () => {
      if (!place && input.matches(":focus-visible")) set(MIDDLE);
    });
  });
  show();
  return {
    said: () => (place ? String(place) : ""),
    words,
    missing() {
      spot.textContent = "Point at a place in the picture first: press in it, or use the arrow keys.";
      inputs[0].focus();
    },
    settle(said) {
      place = read(said);
      show();
      open = false;
      for (const input of inputs) input.disabled = true;
      field.classList.add("course-settled");
      drawBeside(place);
      if (!place) spot.textContent = "No place.";
    },
  };
}
