// The state of a figure in the address of the page, so that a link leads to it: #figure=2&scale=3&shift=-1 is the second
// figure of the page, its sliders named and standing at these values.

import { texts } from "./host.js";

const plain = (text) => text.replace("−", "-");

// Which figure the address names, from 0; -1 if none
export function named() {
  return Number(new URLSearchParams(location.hash.slice(1)).get("figure") ?? 0) - 1;
}

// Bring the sliders of `record`, whose model this is, to where the address says. What it does not know it leaves.
export function take(record, model) {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const slider of record.sliders) {
    const index = texts(slider).findIndex((text) => plain(text) === said.get(slider.name));
    if (index >= 0) model.set(slider.trait, index);
  }
}

// From now on, write into the address where the sliders of the figure `number` stand, a moment after they have moved.
export function follow(number, record, model) {
  let waiting;
  const write = () => {
    const state = new URLSearchParams({ figure: number + 1 });
    for (const slider of record.sliders) state.set(slider.name, plain(texts(slider)[model.get(slider.trait)]));
    history.replaceState(history.state, "", `#${state}`);
  };
  for (const { trait } of record.sliders) {
    model.on(`change:${trait}`, () => {
      clearTimeout(waiting);
      waiting = setTimeout(write, 200);
    });
  }
}
