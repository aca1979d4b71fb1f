// On pages with figures: bring to life what the build has drawn already, by the records that came before this script.
// First what is near the window, and the rest as soon as somebody is there: a slow phone has enough to do at first.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { follow, named, take } from "./address.js";
import { figures } from "./figures.js";
import { draw } from "./host.js";

const waiting = new Set(document.querySelectorAll("[data-view]"));

// Beside the link that skips to the text, one to what can be moved
const skip = tag("a", "", document.querySelector(".skip-link"), "Skip to the first figure");
const here = () => document.getElementById(skip.hash.slice(1));
skip.addEventListener("click", (event) => {
  event.preventDefault(); // to follow the link would take the focus away
  here().querySelector("input, button, [tabindex]").focus();
});
const [first] = waiting;
first.id ||= "figures"; // the page's first pad has one
skip.href = `#${first.id}`;

function wake(el) {
  if (!waiting.delete(el)) return;
  watcher.unobserve(el);
  const number = Number(el.dataset.view),
    record = globalThis.courseViews[number];
  const model = draw(record, el, figures);
  if (named() === number) take(record, model);
  follow(number, record, model);
  addEventListener("hashchange", () => {
    if (named() === number) take(record, model);
  });
}

// One after the other, so that a finger is answered in between
function wakeRest() {
  const [el] = waiting;
  if (!el) return;
  wake(el);
  setTimeout(wakeRest);
}

// On paper all stand; `paper.js`, which copies them, listens after this
addEventListener("beforeprint", () => waiting.forEach(wake));

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) wake(target);
  },
  { rootMargin: "50% 0px" },
);
for (const el of waiting) watcher.observe(el);
const linked = document.querySelector(`[data-view="${named()}"]`);
if (linked) {
  wake(linked);
  linked.scrollIntoView({ block: "center" });
}
for (const sign of ["keydown", "pointerdown", "scroll"]) {
  addEventListener(sign, wakeRest, { once: true, passive: true });
}
