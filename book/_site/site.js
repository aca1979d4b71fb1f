// On every page.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { holdPlaces } from "./anchor.js";
import { kept } from "./kept.js";
import { follow, percent } from "./place.js";
import { bringToLife } from "./questions.js";
import { offerToRun } from "./run.js";
import { groupCopies, watchStops } from "./stops.js";

const { src } = document.currentScript;
const bar = document.querySelector(".course-place");
watchStops();
addEventListener("load", groupCopies); // they are made by then
holdPlaces();
bringToLife(bar?.dataset.page);
if (bar) follow(bar);
offerToRun(bar?.dataset.page);

const { pages } = kept();
for (const card of document.querySelectorAll(".course-cards li")) {
  const name = card
    .querySelector("a")
    .getAttribute("href")
    .replace(/\.html$/, "");
  if (pages[name]) card.style.setProperty("--read", percent(pages[name].share));
}

// What arranges the page for paper comes last: nobody waits for it, and who prints has read a little.
addEventListener("load", () => {
  tag("script", "", document.head).src = new URL("paper.js", src).href;
});
