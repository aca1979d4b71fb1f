// On pages with figures: bring to life what the build has drawn already.
import { figures } from "./figures.js";
import { draw } from "./host.js";

const page = document.getElementById("course-views");
const views = page ? JSON.parse(page.textContent) : [];

// One after the other, so that a slow phone answers a finger in between
function bringToLife([el, ...others]) {
  if (!el) return;
  draw(views[Number(el.dataset.view)], el, figures);
  setTimeout(bringToLife, 0, others);
}
bringToLife([...document.querySelectorAll("[data-view]")]);
