// On the landing page, inside the page itself, where the strip stands: the way back for those who have been here.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { forget, kept } from "./kept.js";
import { percent } from "./place.js";

const strip = document.getElementById("course-welcome");
const { last, pages } = kept();
const page = pages[last];

const counted = (did, all, what) => (all ? `${did} of ${all} ${what}` : "");

if (page && strip.dataset.chapters.split(" ").includes(last)) {
  strip.hidden = false;
  tag("b", "", strip, "Welcome back.");
  const link = tag("a", "", strip, [page.title, page.heading?.text].filter(Boolean).join(", "));
  link.href = `${last}.html${page.heading?.id ? `#${page.heading.id}` : ""}`;
  const bar = tag("span", "course-meter", strip);
  bar.style.setProperty("--read", percent(page.share ?? 0));
  const did = [
    counted(Object.keys(page.answers ?? {}).length, page.questions, "questions"),
    counted(page.done?.length ?? 0, page.exercises, "exercises"),
  ];
  tag("span", "course-counts", strip, did.filter(Boolean).join(", "));
  const button = tag("button", "course-forget", strip, "Forget all this");
  button.type = "button";
  button.addEventListener("click", () => {
    forget();
    strip.hidden = true;
    strip.replaceChildren();
    for (const one of document.querySelectorAll(".course-cards li")) one.style.removeProperty("--read");
  });
}
