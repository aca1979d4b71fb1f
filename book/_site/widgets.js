// On pages with figures: bring to life what the build has drawn already.
import { figures } from "./figures.js";
import { draw } from "./host.js";

const page = document.getElementById("course-views");
const views = page ? JSON.parse(page.textContent) : [];
for (const el of document.querySelectorAll("[data-view]")) {
  draw(views[Number(el.dataset.view)], el, figures);
}
