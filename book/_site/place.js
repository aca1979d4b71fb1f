// Where the reader is: the bar of the chapters fills as one reads, and the device remembers the heading.
import { keep, kept } from "./kept.js";

export const percent = (share) => `${Math.round(100 * share)}%`;

// Fill the chapters' segments of the bar with what was read of them.
function fill(bar, pages) {
  for (const item of bar.querySelectorAll("li")) {
    item.style.setProperty("--read", percent(pages[item.dataset.page]?.share ?? 0));
  }
}

// The heading that stands above the upper third of the window, the last one that was passed
function heading(headings) {
  const passed = headings.filter((one) => one.getBoundingClientRect().top < innerHeight / 3);
  const last = passed[passed.length - 1];
  if (!last) return null;
  const words = last.cloneNode(true);
  for (const link of words.querySelectorAll(".headerlink")) link.remove();
  return { id: last.closest("section")?.id ?? "", text: words.textContent.trim() };
}

export function follow(bar) {
  const page = bar.dataset.page;
  const article = document.querySelector(".bd-article");
  const headings = [...article.querySelectorAll("h2, h3")];
  fill(bar, kept().pages);
  const look = () => {
    const { top, height } = article.getBoundingClientRect();
    const seen = Math.min(1, Math.max(0, (innerHeight - top) / height));
    const before = kept().pages[page]?.share ?? 0;
    keep(page, {
      title: bar.querySelector("b").textContent,
      share: Math.max(before, seen),
      heading: heading(headings),
      questions: document.querySelectorAll(".course-has-choices").length,
      exercises: document.querySelectorAll(".course-done input").length,
    });
    fill(bar, kept().pages);
  };
  // A page that was only opened was not read
  let waiting = false;
  addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        look();
      });
    },
    { passive: true },
  );
}
