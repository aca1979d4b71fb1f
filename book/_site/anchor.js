// A link into a page leads to a place that moves while what is near it is laid out: hold it in sight until the reader
// does something.
const SIGNS = ["wheel", "touchmove", "keydown", "pointerdown"];

function hold() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place) return;
  const watcher = new ResizeObserver(() => place.scrollIntoView());
  for (const section of document.querySelectorAll(".bd-article > section > section")) watcher.observe(section);
  for (const sign of SIGNS) addEventListener(sign, () => watcher.disconnect(), { once: true, passive: true });
}

export function holdPlaces() {
  addEventListener("hashchange", hold);
  hold();
}
