// The part that all figures share: frames, readouts, what is announced, and the sliders' names.
import { floats, tag, written } from "./drawn.js";
import { walk } from "./grip.js";

// Frames are float32, or bytes that count units.
function numbers(model) {
  const unit = model.get("byte_unit"),
    view = model.get("frames");
  if (!unit) return floats(view);
  return Float32Array.from(new Int8Array(view.buffer, view.byteOffset, view.byteLength), (count) => count * unit);
}

// ipywidgets leaves a slider's handle without a name, announces the index in place of the value, titles
// its label "null", and lets one type into the value, to no effect.
function describeSliders(el) {
  const box = el.closest(".course-explore") ?? el;
  const set = (handle, attribute, text) => {
    if (text && handle.getAttribute(attribute) !== text) handle.setAttribute(attribute, text);
  };
  const describe = () => {
    for (const slider of box.querySelectorAll(".widget-slider")) {
      const label = slider.querySelector(".widget-label"),
        readout = slider.querySelector(".widget-readout");
      if (label?.title === "null") label.removeAttribute("title");
      if (readout?.isContentEditable) readout.contentEditable = "false";
      for (const handle of slider.querySelectorAll("[role=slider], .ui-slider-handle")) {
        set(handle, "aria-label", label?.textContent);
        set(handle, "aria-valuetext", readout?.textContent);
      }
    }
  };
  const observer = new MutationObserver(describe);
  observer.observe(box, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["aria-valuetext"],
  });
  describe();
  return observer;
}

// A widget of what `build({ model, el, frameAt, readingAt })` makes: update(position, pointed) -> the picture in words.
// frameAt(position) is one frame, a Float32Array; position holds one index for each slider that chooses a frame.
// readingAt(number, position) is what the readout of this number says there.
// `pointed` is where in that frame the pointer stands, in a figure that has one.
export function figure(build) {
  return { render: (context) => render(build, context) };
}

function render(build, { model, el }) {
  const lengths = model.get("grids").map((grid) => grid.length);
  const count = lengths.reduce((product, length) => product * length, 1);
  const frames = numbers(model);
  const readings = floats(model.get("readout_values"));
  const size = frames.length / count;
  const number = (position) => position.reduce((n, i, axis) => n * lengths[axis] + i, 0);
  const frameAt = (position) => frames.subarray(number(position) * size, (number(position) + 1) * size);

  el.classList.add("course-figure");
  const sliders = lengths.map((count, axis) => ({ name: model.get("names")[axis], trait: `index${axis}`, count }));
  if (model.get("pointer_name"))
    sliders.push({ name: model.get("pointer_name"), trait: "pointer_index", count: model.get("pointer_places") });
  const played = sliders.find(({ name }) => name === model.get("play")) ?? sliders.at(-1);
  const walker = walk(played, sliders, model, el);
  const readingAt = (i, position) => readings[i * count + number(position)];
  const update = build({ model, el: tag("div", "course-picture", el), frameAt, readingAt });
  // A readout's name has a place for its number, {} or {:.1f}, or the number follows it. One that counts has no decimals.
  const readouts = model.get("readout_names").map((name, i) => {
    const [, before, digits, after] = name.match(/^(.*?)\{(?::\.(\d)f)?\}(.*)$/) ?? [null, `${name} `, undefined, ""];
    const line = tag("p", "course-readout", el, before);
    const output = tag("output", "", line);
    line.append(after);
    const counts = readings.subarray(i * count, (i + 1) * count).every(Number.isInteger);
    return { line, output, decimals: digits ?? (counts ? 0 : 3) };
  });
  const status = tag("p", "course-status", el);
  status.setAttribute("role", "status");

  const draw = () => {
    const position = lengths.map((_, axis) => model.get(`index${axis}`));
    const words = [update(position, model.get("pointer_index"))];
    readouts.forEach(({ line, output, decimals }, i) => {
      output.textContent = written(readingAt(i, position), decimals);
      words.push(line.textContent);
    });
    status.textContent = words.filter(Boolean).join("; ");
  };
  const moves = [...lengths.map((_, axis) => `change:index${axis}`), "change:pointer_index"];
  moves.forEach((move) => model.on(move, draw));
  draw();
  const byKey = (event) => {
    if (event.key !== " " || !event.target.matches("input[type=range], [role=slider]")) return;
    event.preventDefault();
    walker.toggle();
  };
  // The sliders are siblings, put on the page after this returns.
  let observer, box;
  const waiting = requestAnimationFrame(() => {
    observer = describeSliders(el);
    box = el.closest(".course-explore") ?? el;
    box.addEventListener("keydown", byKey);
  });
  return () => {
    walker.stop();
    box?.removeEventListener("keydown", byKey);
    moves.forEach((move) => model.off(move, draw));
    cancelAnimationFrame(waiting);
    observer?.disconnect();
  };
}
