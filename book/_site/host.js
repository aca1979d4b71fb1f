// The figures of a page, with native sliders and no kernel: what ipywidgets does in a notebook, for the built site.
//
// A page holds one record for each view: { figure, traits, bytes, sliders, number }. `figure` names the script that draws
// it, `bytes` are traits in base64, `number` tells it from the other views of the page, and each of `sliders` moves one
// trait: { name, options, trait }, `options` being the texts of its positions, or their number where each is its own text.
// One with few positions is a row of chips, any of which can be had at once. The one that the figure names as `again` has
// positions without an order: it is a button for the next.

import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { SLACK } from "../../src/softmaxlab/widgets/grip.js";

// What a figure sees of a widget: traits, and news of their changes
export class Model {
  constructor({ traits, bytes }) {
    this.traits = { ...traits };
    for (const [name, text] of Object.entries(bytes)) this.traits[name] = decode(text);
    this.listeners = new Map();
  }
  get(name) {
    return this.traits[name];
  }
  set(name, value) {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    for (const act of this.listeners.get(`change:${name}`) ?? []) act();
  }
  on(event, act) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), act]);
  }
  off(event, act) {
    this.listeners.set(
      event,
      (this.listeners.get(event) ?? []).filter((other) => other !== act),
    );
  }
  save_changes() {}
}

function decode(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new DataView(bytes.buffer);
}

const FEW = 6;

// The texts of the positions of a slider
export function texts({ options }) {
  return typeof options === "number" ? Array.from({ length: options }, (_, index) => String(index)) : options;
}

function chips({ name, options, trait }, model, parent, group) {
  const row = tag("div", "course-slider course-choice", parent);
  row.setAttribute("role", "radiogroup");
  row.setAttribute("aria-label", name);
  tag("span", "course-slider-name", row, name).setAttribute("aria-hidden", "true");
  const all = tag("div", "course-chips", row);
  const inputs = options.map((text, index) => {
    const chip = tag("label", "course-chip", all);
    const input = tag("input", "course-chip-input", chip);
    input.setAttribute("type", "radio");
    input.setAttribute("name", group);
    input.addEventListener("change", () => model.set(trait, index));
    chip.append(text);
    return input;
  });
  const show = () => {
    inputs.forEach((input, index) => {
      const here = index === model.get(trait);
      input.toggleAttribute("checked", here);
      input.checked = here;
    });
  };
  model.on(`change:${trait}`, show);
  show();
}

function again({ name, options, trait }, model, parent) {
  const row = tag("div", "course-slider course-again", parent);
  const button = tag("button", "course-tool", row, `Another ${name}`);
  button.setAttribute("type", "button");
  const value = tag("output", "course-slider-value", row);
  button.addEventListener("click", () => model.set(trait, (model.get(trait) + 1) % options.length));
  const show = () => {
    row.setAttribute("data-at", model.get(trait));
    value.textContent = `${options[model.get(trait)]} of ${options.length}`;
  };
  model.on(`change:${trait}`, show);
  show();
}

function slider({ name, options, trait }, model, parent) {
  const most = options.length - 1;
  const label = tag("label", "course-slider", parent);
  tag("span", "course-slider-name", label, name);
  const value = tag("output", "course-slider-value", label);
  const input = tag("input", "course-slider-input", label);
  const set = (attribute, content) => input.setAttribute(attribute, content);
  set("type", "range");
  set("min", 0);
  set("max", most);
  set("step", 1);
  set("aria-label", name);
  const show = () => {
    const index = model.get(trait);
    set("value", index);
    input.value = index;
    set("aria-valuetext", options[index]);
    value.textContent = options[index];
    // how much of the track is filled, for browsers that cannot say
    input.style.setProperty("--filled", `${most ? (100 * index) / most : 0}%`);
  };
  // the value is announced by the input itself
  value.setAttribute("aria-hidden", "true");
  value.style.minWidth = `${Math.max(...options.map((one) => one.length))}ch`;
  // A finger that scrolls the page over a slider changes nothing: it counts when it moves sideways, or leaves.
  let finger = null;
  const take = () => model.set(trait, Number(input.value));
  input.addEventListener("pointerdown", ({ pointerType, clientX }) => {
    finger = pointerType === "touch" ? { from: clientX, sure: false } : null;
  });
  input.addEventListener("pointermove", ({ clientX }) => {
    if (!finger || finger.sure || Math.abs(clientX - finger.from) <= SLACK) return;
    finger.sure = true;
    take();
  });
  input.addEventListener("pointerup", () => {
    if (finger) take();
    finger = null;
  });
  input.addEventListener("pointercancel", () => {
    if (finger) show();
    finger = null;
  });
  input.addEventListener("input", () => {
    if (!finger || finger.sure) take();
  });
  model.on(`change:${trait}`, show);
  show();
}

// Draw a record into `el`, by one of `figures`, { name: { render } }. -> its model
export function draw(record, el, figures) {
  const model = new Model(record);
  el.replaceChildren();
  el.classList.add("course-explore");
  if (record.sliders.length) {
    const sliders = tag("div", "course-sliders", el);
    record.sliders.forEach((one, place) => {
      const whole = { ...one, options: texts(one) };
      if (one.name === model.get("again")) again(whole, model, sliders);
      else if (whole.options.length > FEW) slider(whole, model, sliders);
      else chips(whole, model, sliders, `chips-${record.number}-${place}`);
    });
  }
  figures[record.figure].render({ model, el: tag("div", "", el) });
  return model;
}
